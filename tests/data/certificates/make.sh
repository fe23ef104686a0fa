#!/bin/sh
# Makes the certificates of `tests/client/fault_certificates.rs`, valid until 2126. The keys are not secret: only test servers
# on loopback use them. The keys of the two authorities are deleted. Needs OpenSSL 3.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
der() { openssl x509 -in "$1" -outform DER -out "$2"; }

# authority NAME
authority() {
  key "$scratch/$1.key"
  openssl req -x509 -new -key "$scratch/$1.key" -subj "/CN=$1" -days 36500 -out "$scratch/$1.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}

# leaf FILE AUTHORITY HOST NOT_BEFORE NOT_AFTER
leaf() {
  printf 'subjectAltName=DNS:%s\nbasicConstraints=critical,CA:FALSE\n' "$3" >"$scratch/extensions"
  openssl req -new -key "$scratch/server.key" -subj "/CN=$3" -out "$scratch/request"
  mkdir -p "$scratch/$1.ca"
  : >"$scratch/$1.ca/index"
  printf '[ca]\ndefault_ca=one\n[one]\nnew_certs_dir=%s\ndatabase=%s/index\nrand_serial=yes\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n' \
    "$scratch/$1.ca" "$scratch/$1.ca" >"$scratch/config"
  openssl ca -batch -notext -config "$scratch/config" -cert "$scratch/$2.pem" -keyfile "$scratch/$2.key" \
    -startdate "$4" -enddate "$5" -extfile "$scratch/extensions" -in "$scratch/request" -out "$scratch/$1.pem"
  der "$scratch/$1.pem" "$1.der"
}

key "$scratch/server.key"
openssl pkcs8 -topk8 -nocrypt -in "$scratch/server.key" -outform DER -out server.key.der
authority authority
authority stranger
der "$scratch/authority.pem" authority.der
leaf good authority localhost 20200101000000Z 21260101000000Z
leaf expired authority localhost 20010101000000Z 20020101000000Z
leaf another_host authority elsewhere.example 20200101000000Z 21260101000000Z
leaf another_authority stranger localhost 20200101000000Z 21260101000000Z
openssl req -x509 -new -key "$scratch/server.key" -subj /CN=localhost -days 36500 -out "$scratch/self.pem" \
  -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE
der "$scratch/self.pem" self_signed.der
