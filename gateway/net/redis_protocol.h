#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QtTypes>

#include <expected>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <vector>

struct redisReader;

namespace delta::net {

/// Writes a command as Redis takes it: an array of texts.
/// Source: Redis, "Serialization protocol specification", RESP2, read 2026-11.
/// It has the words of all parts.
[[nodiscard]] QByteArray redisCommand(std::span<const std::span<const QByteArray>> parts);
[[nodiscard]] QByteArray redisCommand(std::initializer_list<QByteArray> words);

/// A reply of Redis, as far as we understand it.
struct RedisReply {
    enum class Kind {
        Status,  ///< Such as "OK", in `text`.
        Error,   ///< What is wrong, in `text`.
        Numbers, ///< A list of whole numbers.
        Other,   ///< Anything that we never ask for.
    };

    Kind kind = Kind::Other;
    QByteArray text;
    std::vector<qint64> numbers;
};

/// Splits what a server sends into replies. It takes nothing on trust: a reply is at most 64 KiB long and
/// has at most 1,024 parts.
class RedisReader
{
public:
    static constexpr qsizetype maxReplyBytes = 64 * 1024;

    RedisReader();

    /// Takes bytes of the server.
    void feed(QByteArrayView bytes);
    /// Returns the next whole reply; nothing if it is not complete yet.
    /// Errors: what came is no reply, for the log. Nothing can be read from this server any more.
    [[nodiscard]] std::expected<std::optional<RedisReply>, QString> next();

private:
    struct Freer {
        void operator()(redisReader *reader) const;
    };

    std::unique_ptr<redisReader, Freer> m_reader;
    qsizetype m_unread = 0; ///< Bytes since the last whole reply.
};

} // namespace delta::net
