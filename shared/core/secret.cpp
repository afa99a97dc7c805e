#include "shared/core/secret.h"

#include <string.h>

namespace delta {

namespace {

constexpr qsizetype shortestWithHint = 12;
constexpr qsizetype hintLength = 4;

} // namespace

void wipe(QByteArray &bytes)
{
    // data() would first make a copy of shared bytes, and then wipe the copy.
    if (bytes.isDetached()) {
        explicit_bzero(bytes.data(), static_cast<size_t>(bytes.size()));
    }
    bytes.clear();
}

Secret::Secret(QByteArray bytes)
{
    if (bytes.isEmpty()) {
        return;
    }
    m_bytes = std::shared_ptr<QByteArray>(new QByteArray(std::move(bytes)), [](QByteArray *last) {
        wipe(*last);
        delete last;
    });
}

const QByteArray &Secret::reveal() const
{
    static const QByteArray nothing;
    return m_bytes ? *m_bytes : nothing;
}

QByteArray Secret::hint() const
{
    return reveal().size() < shortestWithHint ? QByteArray() : reveal().last(hintLength);
}

} // namespace delta
