package main

import (
	"encoding/hex"
	"fmt"

	"github.com/ugorji/go/codec"
)

type request struct {
	Method  string            `codec:"method"`
	Path    string            `codec:"path"`
	Query   map[string]string `codec:"query"`
	Body    []byte            `codec:"body"`
	Headers map[string]string `codec:"headers"`
}

func show(name string, r interface{}) {
	var out []byte
	h := new(codec.MsgpackHandle) // WriteExt is false: the old spec, raw for text and bytes
	h.Canonical = true
	if err := codec.NewEncoderBytes(&out, h).Encode(r); err != nil {
		panic(err)
	}
	fmt.Println("go-"+name, hex.EncodeToString(out))
}

func main() {
	auth := map[string]string{"Authorization": "Bot TOKEN"}
	show("get", request{Method: "GET", Path: "/users/@me", Headers: auth})
	body := make([]byte, 40)
	for i := range body {
		body[i] = byte(0xf0 + i)
	}
	show("post-binary", request{Method: "POST", Path: "/channels/1234/messages", Query: map[string]string{"wait": "true"}, Body: body, Headers: auth})
	show("post-text", request{Method: "POST", Path: "/channels/1234/messages", Body: []byte(`{"content":"hi"}`), Headers: auth})
}
