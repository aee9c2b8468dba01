/*
 * Lets BlueZ's emulator run where the kernel has no AF_ALG. btvirt opens such sockets for the AES of each controller,
 * which adverts never need, and drops a controller that cannot have them. Preloaded, this hands out /dev/null instead;
 * only where the kernel refuses, and nothing can be encrypted with it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>

#define NEXT(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

int socket(int family, int type, int protocol)
{
	int descriptor = NEXT(socket)(family, type, protocol);

	if (descriptor == -1 && family == AF_ALG)
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	return descriptor;
}

int bind(int descriptor, const struct sockaddr *address, socklen_t length)
{
	int result = NEXT(bind)(descriptor, address, length);

	if (result == -1 && address && address->sa_family == AF_ALG)
		return 0;
	return result;
}
