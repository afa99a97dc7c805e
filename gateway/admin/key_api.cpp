#include "gateway/admin/key_api.h"

#include "gateway/admin/duration.h"
#include "gateway/admin/json_reply.h"
#include "gateway/openai/json_document.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrlQuery>

#include <optional>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// Reads a small body. The strict check comes first, because Qt's parser forgives duplicates.
Result<QJsonObject> readObject(const QByteArray &body)
{
    TRY([[maybe_unused]] const auto checked, openai::JsonDocument::check(body));
    return QJsonDocument::fromJson(body).object();
}

/// Describes a key as LiteLLM does: `token` stands for what names the key without revealing it.
QJsonObject describe(const VirtualKey &key)
{
    QJsonObject object = toJson(key);
    object.insert("token"_L1, key.id);
    object.insert("key_name"_L1, u"sk-...%1"_s.arg(key.hint));
    return object;
}

Result<QStringList> readNames(const QJsonObject &object, QLatin1StringView field)
{
    QStringList names;
    const QJsonValue value = object.value(field);
    for (const QJsonValue &entry : value.toArray()) {
        if (!entry.isString()) {
            return failure(
                ApiError::invalidRequest(u"'%1' must be an array of strings."_s.arg(field), field));
        }
        names.append(entry.toString());
    }
    if (!value.isUndefined() && !value.isNull() && !value.isArray()) {
        return failure(
            ApiError::invalidRequest(u"'%1' must be an array of strings."_s.arg(field), field));
    }
    return names;
}

} // namespace

Result<void> KeyApi::requireMaster(const ports::HttpRequest &request) const
{
    TRY(const auth::Principal principal, m_parts.authenticator.identify(request));
    return m_parts.permissions.requireMaster(principal);
}

void KeyApi::answer(std::unique_ptr<ports::HttpReply> reply, Job job)
{
    struct State {
        std::unique_ptr<ports::HttpReply> reply;
        std::optional<Result<QJsonObject>> result;
    };
    auto state = std::make_shared<State>(std::move(reply));
    m_parts.background.run([state, job = std::move(job)] { state->result = job(); },
                           [state] {
                               if (*state->result) {
                                   sendJson(*state->reply, 200, **state->result);
                               } else {
                                   sendError(*state->reply, state->result->error());
                               }
                           });
}

Result<VirtualKey> KeyApi::readWish(const QByteArray &body) const
{
    VirtualKey wish;
    if (body.trimmed().isEmpty()) {
        return wish;
    }
    TRY(QJsonObject object, readObject(body));
    const QJsonValue duration = object.take("duration"_L1);
    TRY_VOID(applyPatch(object, wish));
    if (duration.isString()) {
        TRY(const std::chrono::seconds lifetime, readDuration(duration.toString()));
        wish.expiresAt = m_parts.clock.wall() + lifetime;
    } else if (!duration.isUndefined() && !duration.isNull()) {
        return failure(ApiError::invalidRequest(u"'duration' must be a string such as \"30d\"."_s,
                                                u"duration"_s));
    }
    return wish;
}

void KeyApi::generate(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto wish = requireMaster(request).and_then([&] { return readWish(request.body); });
    if (!wish) {
        sendError(*reply, wish.error());
        return;
    }
    answer(std::move(reply), [&keys = m_parts.keys, wish = *wish]() -> Result<QJsonObject> {
        TRY(const CreatedKey created, keys.create(wish));
        QJsonObject object = describe(created.key);
        object.insert("key"_L1, QString::fromLatin1(created.secret.reveal()));
        return object;
    });
}

void KeyApi::remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto names = requireMaster(request).and_then([&]() -> Result<QStringList> {
        TRY(const QJsonObject object, readObject(request.body));
        TRY(const QStringList keys, readNames(object, "keys"_L1));
        TRY(const QStringList aliases, readNames(object, "key_aliases"_L1));
        if (keys.isEmpty() && aliases.isEmpty()) {
            return failure(ApiError::invalidRequest(
                u"'keys' or 'key_aliases' must name at least one key."_s, u"keys"_s));
        }
        return keys + aliases;
    });
    if (!names) {
        sendError(*reply, names.error());
        return;
    }
    answer(std::move(reply), [&keys = m_parts.keys, names = *names]() -> Result<QJsonObject> {
        QJsonArray deleted;
        for (const QString &name : names) {
            TRY(const std::optional<VirtualKey> key, keys.find(name));
            TRY(const bool wasThere, key ? keys.revoke(key->id) : Result<bool>(false));
            if (wasThere) {
                deleted.append(key->id);
            }
        }
        return QJsonObject{{"deleted_keys"_L1, deleted}};
    });
}

void KeyApi::info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
{
    if (const auto allowed = requireMaster(request); !allowed) {
        sendError(*reply, allowed.error());
        return;
    }
    const QUrlQuery query(QString::fromLatin1(request.query));
    const QString name = query.queryItemValue(u"key"_s, QUrl::FullyDecoded);
    if (name.isEmpty()) {
        sendError(
            *reply,
            ApiError::invalidRequest(
                u"The query parameter 'key' must name a key by its id, its alias or its text."_s,
                u"key"_s));
        return;
    }
    answer(std::move(reply), [&keys = m_parts.keys, name]() -> Result<QJsonObject> {
        TRY(const std::optional<VirtualKey> key, keys.find(name));
        if (!key) {
            return failure(
                ApiError::invalidRequest(u"No key has that id, alias or text."_s, u"key"_s));
        }
        return QJsonObject{{"key"_L1, key->id}, {"info"_L1, describe(*key)}};
    });
}

} // namespace delta::admin
