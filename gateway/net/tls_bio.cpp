#include "gateway/net/tls_bio.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

namespace delta::net {

namespace {

int descriptorOf(BIO *bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int writeSocket(BIO *bio, const char *bytes, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(descriptorOf(bio), bytes, static_cast<std::size_t>(size),
                                MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        BIO_set_retry_write(bio);
    }
    return static_cast<int>(sent);
}

int readSocket(BIO *bio, char *buffer, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t got = ::recv(descriptorOf(bio), buffer, static_cast<std::size_t>(size), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        BIO_set_retry_read(bio);
    }
    if (got == 0) {
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    }
    return static_cast<int>(got);
}

long controlSocket(BIO *bio, int command, long, void *)
{
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    default:
        return 0;
    }
}

} // namespace

BIO_METHOD *makeSocketMethod()
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "delta socket");
    if (method) {
        BIO_meth_set_write(method, writeSocket);
        BIO_meth_set_read(method, readSocket);
        BIO_meth_set_ctrl(method, controlSocket);
    }
    return method;
}

BIO *makeSocketBio(const BIO_METHOD *method, int fd)
{
    BIO *bio = BIO_new(method);
    if (bio) {
        BIO_set_data(bio, reinterpret_cast<void *>(static_cast<std::intptr_t>(fd)));
        BIO_set_init(bio, 1);
    }
    return bio;
}

} // namespace delta::net
