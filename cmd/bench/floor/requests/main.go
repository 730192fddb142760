// Command requests is the floor for what asks Jira: what a program of a few
// lines makes of the same requests, with the standard library as it comes.
//
//	requests turn URL TOKEN      two requests, one after the other
//	requests once URL TOKEN      the same two at once, over one connection
//	requests fifty URL TOKEN     fifty requests at once, one client for all
//	requests sites URL TOKEN     fifty at once, a client for each as for fifty sites
//
// The token is the benchmark's own, so it may be an argument.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

const (
	myself      = "/rest/api/3/myself"
	permissions = "/rest/api/3/mypermissions?permissions=ADD_COMMENTS,BROWSE_PROJECTS,CREATE_ISSUES,DELETE_ISSUES,EDIT_ISSUES,LINK_ISSUES,TRANSITION_ISSUES,WORK_ON_ISSUES"
	many        = 50
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: requests turn|once|fifty|sites URL TOKEN")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "requests:", err)
		os.Exit(1)
	}
}

func run(mode, site, token string) error {
	shared := &http.Client{}
	switch mode {
	case "turn":
		return errors.Join(get(shared, site+myself, token), get(shared, site+permissions, token))
	case "once":
		one := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, MaxConnsPerHost: 1, Proxy: http.ProxyFromEnvironment}}
		paths := []string{myself, permissions}
		return parallel(2, func(i int) error { return get(one, site+paths[i], token) })
	case "fifty":
		return parallel(many, func(int) error { return get(shared, site+myself, token) })
	case "sites":
		return parallel(many, func(int) error {
			own := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, Proxy: http.ProxyFromEnvironment}}
			return get(own, site+myself, token)
		})
	}
	return fmt.Errorf("no mode %q", mode)
}

func parallel(n int, do func(i int) error) error {
	done := make(chan error)
	for i := range n {
		go func() { done <- do(i) }()
	}
	var all error
	for range n {
		all = errors.Join(all, <-done)
	}
	return all
}

func get(client *http.Client, url, token string) error {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth("john.doe@example.com", token)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var document map[string]any
	return json.Unmarshal(body, &document)
}
