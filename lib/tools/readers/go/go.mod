module readers

go 1.25

require (
	github.com/eapache/go-xerial-snappy v0.0.0-20230731223053-c322873962e3
	github.com/klauspost/compress v1.20.4
)

require github.com/golang/snappy v0.0.4 // indirect
