/* The primitives of one KNpsk0 or NKpsk0 handshake (both sides) on OpenSSL 3, by the calls with the least overhead:
   what no program on this machine can undercut with this library.

   handshake MILLISECONDS KEYPAIRS ECDH HMAC SHA256 AEAD
   prints the microseconds of one handshake, the least of its batches. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/ec.h>
#include <openssl/ecdh.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static EC_KEY *identity, *ephemeral;
static const EC_GROUP *group;
static HMAC_CTX *hmac_context;
static EVP_CIPHER_CTX *cipher_context;
static const EVP_MD *sha256;
static unsigned char point[65], out[64], data[97], key[32], nonce[12], tag[16];

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static void make_key_pair(void) {
  EC_KEY_generate_key(ephemeral);
  EC_POINT_point2oct(group, EC_KEY_get0_public_key(ephemeral), POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, NULL);
}

static void compute_secret(void) {
  EC_POINT *peer = EC_POINT_new(group);
  EC_POINT_oct2point(group, peer, point, sizeof point, NULL);
  ECDH_compute_key(out, 32, peer, identity, NULL);
  EC_POINT_free(peer);
}

static void authenticate(void) {
  unsigned length = 32;
  HMAC_Init_ex(hmac_context, key, sizeof key, sha256, NULL);
  HMAC_Update(hmac_context, data, 65);
  HMAC_Final(hmac_context, out, &length);
}

static void digest(void) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, data, sizeof data);
  SHA256_Final(out, &context);
}

static void seal(void) {
  int length = 0;
  EVP_EncryptInit_ex(cipher_context, NULL, NULL, key, nonce);
  EVP_EncryptUpdate(cipher_context, NULL, &length, data, 32);
  EVP_EncryptFinal_ex(cipher_context, out, &length);
  EVP_CIPHER_CTX_ctrl(cipher_context, EVP_CTRL_GCM_GET_TAG, sizeof tag, tag);
}

int main(int count, char **values) {
  void (*const operations[])(void) = {make_key_pair, compute_secret, authenticate, digest, seal};
  if (count != 7) return 2;
  identity = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  ephemeral = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  group = EC_KEY_get0_group(identity);
  sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
  hmac_context = HMAC_CTX_new();
  cipher_context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(cipher_context, EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL), NULL, NULL, NULL);
  EC_KEY_generate_key(identity);
  make_key_pair();

  const double end = microseconds() + atof(values[1]) * 1e3;
  double least = 1e18;
  while (microseconds() < end) {
    const double start = microseconds();
    for (int batch = 0; batch < 4; batch++)
      for (int operation = 0; operation < 5; operation++)
        for (int time = atoi(values[2 + operation]); time > 0; time--) operations[operation]();
    const double each = (microseconds() - start) / 4;
    if (each < least) least = each;
  }
  printf("%.3f\n", least);
  return 0;
}
