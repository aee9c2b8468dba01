// A relay on coder/websocket: it pairs whom it is asked for, and knows no limits. It answers words on stdin with numbers on stdout.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"

	"github.com/coder/websocket"
)

const (
	idLength        = 32
	maxMessageBytes = 1 << 20
	bytesPerKiB     = 1024
)

var (
	mutex   sync.Mutex
	waiting = map[string]chan *websocket.Conn{}
)

// How a tunnel is opened, and joined.
func serve(response http.ResponseWriter, request *http.Request) {
	leg, err := websocket.Accept(response, request, &websocket.AcceptOptions{Subprotocols: []string{"fido.cable"}})
	if err != nil {
		return
	}
	leg.SetReadLimit(maxMessageBytes)
	id := request.URL.Path[max(0, len(request.URL.Path)-idLength):]
	mutex.Lock()
	joined, isThere := waiting[id]
	if isThere {
		delete(waiting, id)
	} else {
		joined = make(chan *websocket.Conn)
		waiting[id] = joined
	}
	mutex.Unlock()
	if isThere {
		joined <- leg
		pass(leg, <-joined)
		return
	}
	other := <-joined
	joined <- leg
	pass(leg, other)
}

// One direction, until it ends.
func pass(from, to *websocket.Conn) {
	ctx := context.Background()
	for {
		kind, message, err := from.Read(ctx)
		if err != nil {
			break
		}
		if to.Write(ctx, kind, message) != nil {
			break
		}
	}
	to.Close(websocket.StatusNormalClosure, "")
	from.CloseNow()
}

// Microseconds of processor time since the start.
func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}

// KiB of the whole process, without garbage.
func memory() int64 {
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		log.Fatal(err)
	}
	var size, resident int64
	if _, err := fmt.Fscan(strings.NewReader(string(text)), &size, &resident); err != nil {
		log.Fatal(err)
	}
	return resident * int64(os.Getpagesize()) / bytesPerKiB
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.Serve(listener, http.HandlerFunc(serve))) }()
	questions := bufio.NewScanner(os.Stdin)
	for questions.Scan() {
		switch questions.Text() {
		case "port":
			fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		case "cpu":
			fmt.Println(cpu())
		case "memory":
			fmt.Println(memory())
		}
	}
}
