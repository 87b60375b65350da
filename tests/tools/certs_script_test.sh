#!/usr/bin/env bash
# tools/certs: what it makes, openssl accepts for what it is for, and for nothing else.
set -euo pipefail
command -v openssl >/dev/null || exit 77
certs=$1/certs
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
verify() { openssl verify -CAfile "$dir/c/ca.pem" -purpose "$1" "$dir/c/$2.crt" >/dev/null 2>&1; }
names() { openssl x509 -in "$dir/c/$1.crt" -noout -ext subjectAltName; }

"$certs" "$dir/c" server gs1 2>/dev/null && fail "a certificate without an authority"
"$certs" "$dir/c" init hall.test >/dev/null
"$certs" "$dir/c" init 2>/dev/null && fail "a second authority over the first"
"$certs" "$dir/c" daemon hall.test 10.0.0.5 ::1 >/dev/null
"$certs" "$dir/c" server gs1 >/dev/null
"$certs" "$dir/c" person gm-li >/dev/null
"$certs" "$dir/c" server 'GS 1' 2>/dev/null && fail "a principal that is none"
"$certs" "$dir/c" server ../x 2>/dev/null && fail "a principal that is a path"

verify sslserver daemon || fail "the daemon's certificate does not serve"
verify sslclient server-gs1 || fail "a game server's certificate is none of a client"
verify sslclient person-gm-li || fail "a person's certificate is none of a client"
verify sslserver server-gs1 && fail "a game server could pose as the daemon"
names daemon | grep -q 'DNS:hall.test, IP Address:10.0.0.5, IP Address:0:0:0:0:0:0:0:1' || fail "names of the daemon"
names server-gs1 | grep -q 'URI:spiffe://hall.test/server/gs1' || fail "SPIFFE id of a server"
names person-gm-li | grep -q 'URI:spiffe://hall.test/person/gm-li' || fail "SPIFFE id of a person"
[ "$(stat -c %a "$dir/c/server-gs1.key")" = 600 ] || fail "a private key that others may read"

old=$(openssl x509 -in "$dir/c/server-gs1.crt" -noout -serial)
"$certs" "$dir/c" revoke "$dir/c/server-gs1.crt" >/dev/null
"$certs" "$dir/c" revoke "$dir/c/server-gs1.crt" 2>/dev/null && fail "revoked twice"
[[ $(openssl crl -in "$dir/c/revoked.pem" -noout -text) == *"Serial Number: ${old#serial=}"* ]] || fail "not on the list"
openssl crl -in "$dir/c/revoked.pem" -CAfile "$dir/c/ca.pem" -noout 2>&1 | grep -q 'verify OK' || fail "a list that is not signed"
"$certs" "$dir/c" server gs1 >/dev/null
[ "$old" != "$(openssl x509 -in "$dir/c/server-gs1.crt" -noout -serial)" ] || fail "renewed with the old serial"
[[ $("$certs" "$dir/c" ls) == *person-gm-li.crt* ]] || fail "ls"
echo ok
