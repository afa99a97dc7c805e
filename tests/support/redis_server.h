#pragma once

#include "gateway/net/redis_settings.h"

#include <QByteArray>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <initializer_list>
#include <memory>
#include <vector>

struct redisContext;

namespace delta::test {

/// A real redis-server of its own in a temporary folder, which keeps nothing on disk. It listens on a
/// socket there, and with `more` arguments wherever those say. Ends with the object.
class RedisServer
{
public:
    /// Returns when it takes connections.
    explicit RedisServer(const QStringList &more = {});
    ~RedisServer();
    RedisServer(const RedisServer &) = delete;
    RedisServer &operator=(const RedisServer &) = delete;

    /// Returns how to reach its socket.
    [[nodiscard]] net::RedisSettings settings() const;
    /// Ends it at once, or begins it anew at the same address, empty.
    void kill();
    void start();
    /// Lets it do nothing, though its connections stay, and go on.
    void pause();
    void resume();
    /// Runs a command and returns its reply as text: numbers in digits, lists with a blank between, an error
    /// with a '-' before it.
    QByteArray run(std::initializer_list<QByteArray> words);
    QByteArray run(const std::vector<QByteArray> &words);

private:
    void waitForState(QByteArrayView states) const;

    QTemporaryDir m_folder;
    QStringList m_more;
    QProcess m_process;
    std::unique_ptr<redisContext, void (*)(redisContext *)> m_client;
};

/// Returns a TCP port that is free now.
[[nodiscard]] quint16 freePort();

} // namespace delta::test
