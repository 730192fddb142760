package profile_test

import (
	"reflect"
	"testing"
	"time"

	"jira-cli/domain/profile"
)

// fill gives every field of a struct a value that is not its zero, all the way
// down. A kind of field that it does not know fails the test: it is taught here.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)))
		return
	case profile.Site:
		site, err := profile.ParseSite("example")
		if err != nil {
			t.Fatal(err)
		}
		v.Set(reflect.ValueOf(site))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("filled")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key)
		fill(t, value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a field of kind %s", v.Kind())
	}
}

// eachField calls check for every field of a filled T with its name and a copy
// in which that field alone is empty.
func eachField[T any](t *testing.T, check func(name string, whole, lacking T)) {
	t.Helper()
	var whole T
	fill(t, reflect.ValueOf(&whole).Elem())
	for i := range reflect.TypeFor[T]().NumField() {
		lacking := whole
		reflect.ValueOf(&lacking).Elem().Field(i).SetZero()
		check(reflect.TypeFor[T]().Field(i).Name, whole, lacking)
	}
}

// A field that Equal forgets is a change that is silently not written.
func TestEqualKnowsEveryField(t *testing.T) {
	t.Parallel()
	eachField(t, func(name string, a, b profile.Profile) { unequal(t, "Profile."+name, a, b, profile.Profile.Equal) })
	eachField(t, func(name string, a, b profile.Reference) {
		unequal(t, "Reference."+name, a, b, profile.Reference.Equal)
	})
	eachField(t, func(name string, a, b profile.Network) { unequal(t, "Network."+name, a, b, profile.Network.Equal) })
	eachField(t, func(name string, a, b profile.HeaderSource) {
		unequal(t, "HeaderSource."+name, a, b, profile.HeaderSource.Equal)
	})
	eachField(t, func(name string, a, b profile.Config) {
		if name != "DefaultAt" { // which is no part of what a config says
			unequal(t, "Config."+name, a, b, profile.Config.Equal)
		}
	})
}

func unequal[T any](t *testing.T, name string, a, b T, equal func(T, T) bool) {
	t.Helper()
	if equal(a, b) || equal(b, a) {
		t.Errorf("Equal does not look at %s", name)
	}
	if !equal(a, a) || !equal(b, b) {
		t.Errorf("without %s a value does not equal itself", name)
	}
}

// Complete copies every field, and what it returns shares no memory with what
// it was given.
func TestCompleteCopiesEveryField(t *testing.T) {
	t.Parallel()
	var whole profile.Config
	fill(t, reflect.ValueOf(&whole).Elem())
	whole.Settings = profile.Settings{Output: "json", Timeout: "5s", NoInput: "true", NoColor: "true"}
	got := whole.Complete()
	if !got.Equal(whole) || got.DefaultAt != whole.DefaultAt {
		t.Errorf("%+v, want %+v", got, whole)
	}
	seen := map[uintptr]string{}
	memory(reflect.ValueOf(whole), "Config", func(at uintptr, name string) { seen[at] = name })
	memory(reflect.ValueOf(got), "Config", func(at uintptr, name string) {
		if seen[at] != "" {
			t.Errorf("%s is shared", name)
		}
	})
}

// memory calls found for everything that a copy of v would share with it.
func memory(v reflect.Value, name string, found func(at uintptr, name string)) {
	switch v.Kind() {
	case reflect.Pointer:
		found(v.Pointer(), name)
		memory(v.Elem(), name, found)
	case reflect.Slice:
		found(v.Pointer(), name)
		for i := range v.Len() {
			memory(v.Index(i), name, found)
		}
	case reflect.Map:
		found(v.Pointer(), name)
		for values := v.MapRange(); values.Next(); {
			memory(values.Value(), name, found)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() { // its location is for all
			return
		}
		for i := range v.NumField() {
			memory(v.Field(i), name+"."+v.Type().Field(i).Name, found)
		}
	}
}
