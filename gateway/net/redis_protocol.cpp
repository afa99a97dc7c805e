#include "gateway/net/redis_protocol.h"

#include <hiredis/hiredis.h>

#include <array>
#include <charconv>
#include <iterator>
#include <new>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

constexpr long long maxParts = 1024;

struct ReplyFreer {
    void operator()(redisReply *reply) const
    {
        ::freeReplyObject(reply);
    }
};

QByteArray textOf(const redisReply &reply)
{
    return {reply.str, static_cast<qsizetype>(reply.len)};
}

/// Calls of limits have a hundred words and more: each is written without a text of its own.
void appendNumber(char kind, qsizetype number, QByteArray &text)
{
    std::array<char, 24> digits{};
    const auto written = std::to_chars(digits.begin(), digits.end(), number);
    text += kind;
    text.append(digits.data(), written.ptr - digits.data());
    text += "\r\n";
}

RedisReply understand(const redisReply &reply)
{
    using enum RedisReply::Kind;
    if (reply.type == REDIS_REPLY_STATUS) {
        return {Status, textOf(reply), {}};
    }
    if (reply.type == REDIS_REPLY_ERROR) {
        return {Error, textOf(reply), {}};
    }
    if (reply.type != REDIS_REPLY_ARRAY) {
        return {};
    }
    RedisReply numbers{Numbers, {}, {}};
    numbers.numbers.reserve(reply.elements);
    for (const redisReply *part : std::span(reply.element, reply.elements)) {
        if (part->type != REDIS_REPLY_INTEGER) {
            return {};
        }
        numbers.numbers.push_back(part->integer);
    }
    return numbers;
}

} // namespace

QByteArray redisCommand(std::span<const std::span<const QByteArray>> parts)
{
    constexpr qsizetype mostBesides = 16; // The length of a word and what ends it.
    qsizetype count = 0;
    qsizetype size = mostBesides;
    for (const std::span<const QByteArray> words : parts) {
        count += std::ssize(words);
        for (const QByteArray &word : words) {
            size += word.size() + mostBesides;
        }
    }
    QByteArray text;
    text.reserve(size);
    appendNumber('*', count, text);
    for (const std::span<const QByteArray> words : parts) {
        for (const QByteArray &word : words) {
            appendNumber('$', word.size(), text);
            text += word;
            text += "\r\n";
        }
    }
    return text;
}

QByteArray redisCommand(std::initializer_list<QByteArray> words)
{
    const std::span<const QByteArray> all(words.begin(), words.size());
    return redisCommand(std::span(&all, 1));
}

void RedisReader::Freer::operator()(redisReader *reader) const
{
    ::redisReaderFree(reader);
}

RedisReader::RedisReader()
    : m_reader(::redisReaderCreate())
{
    if (!m_reader) {
        throw std::bad_alloc();
    }
    m_reader->maxelements = maxParts;
}

void RedisReader::feed(QByteArrayView bytes)
{
    // Where it fails, next() says so.
    ::redisReaderFeed(m_reader.get(), bytes.data(), static_cast<std::size_t>(bytes.size()));
    m_unread += bytes.size();
}

std::expected<std::optional<RedisReply>, QString> RedisReader::next()
{
    void *raw = nullptr;
    if (::redisReaderGetReply(m_reader.get(), &raw) != REDIS_OK) {
        return std::unexpected(u"what came is no reply of Redis: "_s
                               + QString::fromLatin1(m_reader->errstr));
    }
    if (!raw) {
        if (m_unread > maxReplyBytes) {
            return std::unexpected(u"a reply is longer than any that was asked for"_s);
        }
        return std::nullopt;
    }
    const std::unique_ptr<redisReply, ReplyFreer> reply(static_cast<redisReply *>(raw));
    m_unread = static_cast<qsizetype>(m_reader->len - m_reader->pos);
    return understand(*reply);
}

} // namespace delta::net
