#include "gateway/net/socket_bio.h"

#include <openssl/bio.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <new>

namespace delta::net {

namespace {

int fdOf(BIO *bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int finish(BIO *bio, ssize_t count, std::size_t *moved, int retryFlag)
{
    BIO_clear_retry_flags(bio);
    if (count >= 0) {
        *moved = static_cast<std::size_t>(count);
        return count > 0 ? 1 : 0;
    }
    *moved = 0;
    if (errno == EAGAIN || errno == EINTR) {
        BIO_set_flags(bio, retryFlag | BIO_FLAGS_SHOULD_RETRY);
    }
    return 0;
}

int readBytes(BIO *bio, char *target, std::size_t size, std::size_t *moved)
{
    const ssize_t count = ::recv(fdOf(bio), target, size, 0);
    const int outcome = finish(bio, count, moved, BIO_FLAGS_READ);
    if (count == 0) {
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    }
    return outcome;
}

int writeBytes(BIO *bio, const char *source, std::size_t size, std::size_t *moved)
{
    return finish(bio, ::send(fdOf(bio), source, size, MSG_NOSIGNAL), moved, BIO_FLAGS_WRITE);
}

long control(BIO *bio, int command, long, void *)
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

struct MethodFreer {
    void operator()(BIO_METHOD *method) const
    {
        BIO_meth_free(method);
    }
};

BIO_METHOD *makeMethod()
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "delta socket");
    if (!method) {
        throw std::bad_alloc();
    }
    BIO_meth_set_read_ex(method, &readBytes);
    BIO_meth_set_write_ex(method, &writeBytes);
    BIO_meth_set_ctrl(method, &control);
    return method;
}

} // namespace

BIO *makeSocketBio(int fd)
{
    static const std::unique_ptr<BIO_METHOD, MethodFreer> method(makeMethod());
    BIO *bio = BIO_new(method.get());
    if (!bio) {
        throw std::bad_alloc();
    }
    BIO_set_data(bio, reinterpret_cast<void *>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    return bio;
}

} // namespace delta::net
