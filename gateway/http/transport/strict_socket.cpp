#include "gateway/http/transport/strict_socket.h"

#include "gateway/http/transport/connection_group.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace delta::http {

namespace {

/// Returns the least that QtHttpServer takes for a request of that method.
QByteArrayView newsOf(QByteArrayView method)
{
    constexpr std::array<QByteArrayView, 7> all{
        "GET / HTTP/1.1\r\n\r\n",    "HEAD / HTTP/1.1\r\n\r\n",  "POST / HTTP/1.1\r\n\r\n",
        "PUT / HTTP/1.1\r\n\r\n",    "PATCH / HTTP/1.1\r\n\r\n", "DELETE / HTTP/1.1\r\n\r\n",
        "OPTIONS / HTTP/1.1\r\n\r\n"};
    const auto found = std::ranges::find_if(
        all, [method](QByteArrayView news) { return news.startsWith(method); });
    return found == all.end() ? all.front() : *found;
}

} // namespace

StrictSocket::StrictSocket(ConnectionGroup &group, AcceptedSocket socket)
    : m_group(group)
    , m_connection(group, std::move(socket), *this)
{
    setOpenMode(QIODevice::ReadWrite);
    setSocketState(QAbstractSocket::ConnectedState);
}

StrictSocket::~StrictSocket()
{
    // QAbstractSocket would otherwise try to close a descriptor that it never had.
    setSocketState(QAbstractSocket::UnconnectedState);
}

qint64 StrictSocket::bytesAvailable() const
{
    return m_news.size() + QIODevice::bytesAvailable();
}

qint64 StrictSocket::bytesToWrite() const
{
    return m_connection.backlog();
}

void StrictSocket::disconnectFromHost()
{
    m_connection.failReply();
}

void StrictSocket::close()
{
    m_connection.cut();
    QIODevice::close();
}

qint64 StrictSocket::readData(char *target, qint64 size)
{
    m_group.setReader(&m_connection);
    const qsizetype count = std::min<qsizetype>(size, m_news.size());
    if (count == 0) {
        return m_connection.isOpen() ? 0 : -1;
    }
    std::memcpy(target, m_news.data(), static_cast<std::size_t>(count));
    m_news = m_news.sliced(count);
    return count;
}

qint64 StrictSocket::writeData(const char *source, qint64 size)
{
    // A write after the client left succeeds into the void: the handler hears of it by other means,
    // and Qt would log a warning for every failed one.
    m_connection.write(QByteArrayView(source, size));
    return size;
}

void StrictSocket::onRequest()
{
    m_news = newsOf(m_connection.request().method);
    Q_EMIT readyRead();
    dropReadBuffer();
}

/// Frees the 16 KiB that QIODevice allocates to read these few bytes and would keep for as long as
/// the connection lives.
void StrictSocket::dropReadBuffer()
{
    const OpenMode mode = openMode();
    setOpenMode(mode & ~OpenMode(QIODevice::ReadOnly));
    setOpenMode(mode);
}

void StrictSocket::onClosed()
{
    setSocketState(QAbstractSocket::UnconnectedState);
    Q_EMIT disconnected();
}

} // namespace delta::http
