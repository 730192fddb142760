// Command empty does nothing: what any Go process costs on this machine.
package main

func main() {}
