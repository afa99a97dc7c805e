#include "gateway/config/redis_keys.h"

#include "gateway/config/scalar_text.h"

#include <QUrl>
#include <QUrlQuery>

#include <expected>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using net::RedisSettings;
using Transport = RedisSettings::Transport;

std::optional<Transport> transportOf(const QString &scheme)
{
    if (scheme == "redis"_L1) {
        return Transport::Tcp;
    }
    if (scheme == "rediss"_L1) {
        return Transport::Tls;
    }
    return scheme == "unix"_L1 ? std::optional(Transport::Unix) : std::nullopt;
}

/// Returns the number of the database that the URL names, or the usual one; nothing if it is none.
std::optional<int> databaseOf(const QUrl &url, int usual)
{
    const QUrlQuery query(url);
    QString text = query.queryItemValue(u"db"_s);
    if (text.isEmpty() && url.scheme() != "unix"_L1) {
        text = url.path().sliced(qMin(1, url.path().size()));
    }
    if (text.isEmpty()) {
        return usual;
    }
    const auto number = parseInteger(text);
    return number && *number >= 0 && *number <= 1'000'000 ? std::optional(int(*number))
                                                          : std::nullopt;
}

/// Returns what the URL says, and of the settings before what it does not say; or what is wrong with it.
std::expected<RedisSettings, QString> settingsOf(const QUrl &url, RedisSettings settings)
{
    const auto transport = transportOf(url.scheme());
    const bool isUnix = transport == Transport::Unix;
    const bool hasPlace = isUnix ? url.host().isEmpty() && url.path().size() > 1
                                 : !url.host().isEmpty();
    if (!url.isValid() || !transport || !hasPlace) {
        return std::unexpected(u"must be a URL such as redis://redis.example.com:6379/0, "
                               "rediss://… or unix:///run/redis/redis.sock"_s);
    }
    const auto database = databaseOf(url, settings.database);
    if (!database) {
        return std::unexpected(u"must end with the number of a database, if with anything"_s);
    }
    for (const auto &[name, value] : QUrlQuery(url).queryItems()) {
        if (name != "db"_L1) {
            return std::unexpected(u"may have the parameter db, and no other"_s);
        }
    }
    settings.transport = *transport;
    settings.host = isUnix ? QByteArray() : url.host(QUrl::FullyEncoded).toLatin1();
    if (settings.host.startsWith('[')) {
        settings.host = settings.host.sliced(1).chopped(1);
    }
    settings.path = isUnix ? url.path(QUrl::FullyDecoded).toUtf8() : QByteArray();
    settings.port = static_cast<quint16>(url.port(settings.port));
    settings.database = *database;
    if (!url.userName().isEmpty()) {
        settings.user = url.userName(QUrl::FullyDecoded).toUtf8();
    }
    if (!url.password().isEmpty()) {
        settings.password = Secret(url.password(QUrl::FullyDecoded).toUtf8());
    }
    return settings;
}

} // namespace

void readRedisUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    const QUrl url(*text, QUrl::StrictMode);
    auto settings = settingsOf(url, draft.config.redis);
    if (!settings) {
        value.fail(settings.error());
        return;
    }
    if (!value.isReferenced() && !url.password().isEmpty()) {
        value.reading().holdsSecrets = true;
    }
    draft.config.redis = *std::move(settings);
}

void readRedisPort(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    int port = draft.config.redis.port;
    read(value, limits, port);
    draft.config.redis.port = static_cast<quint16>(port);
}

void readRedisTls(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    bool isTls = draft.config.redis.transport == Transport::Tls;
    read(value, limits, isTls);
    draft.config.redis.transport = isTls ? Transport::Tls : Transport::Tcp;
}

} // namespace delta::config
