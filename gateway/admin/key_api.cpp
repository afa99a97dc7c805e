#include "gateway/admin/key_api.h"

#include "gateway/admin/duration.h"
#include "gateway/admin/json_reply.h"
#include "gateway/admin/query_text.h"
#include "gateway/openai/json_document.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <optional>
#include <tuple>
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

/// The body of /key/delete.
struct KeyNames {
    QStringList keys; ///< Ids or whole keys.
    QStringList aliases;

    static constexpr auto fields()
    {
        return std::tuple{
            field("keys"_L1, &KeyNames::keys),
            field("key_aliases"_L1, &KeyNames::aliases),
        };
    }
};

Result<KeyNames> readNames(const QByteArray &body)
{
    TRY(const QJsonObject object, readObject(body));
    TRY(KeyNames names, fromJson<KeyNames>(object));
    if (names.keys.isEmpty() && names.aliases.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"'keys' or 'key_aliases' must name at least one key."_s, u"keys"_s));
    }
    return names;
}

/// A key that is not there has the status of a path that is not there.
ApiError keyNotFound(const QString &message, const QString &param)
{
    ApiError error = ApiError::routeNotFound({}, {});
    error.message = message;
    error.param = param;
    error.code = u"key_not_found"_s;
    return error;
}

/// Finds all keys of a list, so that a list with a wrong name changes nothing.
Result<void> findAll(KeyService &keys, const QStringList &names, const QString &field,
                     QStringList &ids)
{
    for (qsizetype i = 0; i < names.size(); ++i) {
        TRY(const std::optional<VirtualKey> key, keys.find(names[i]));
        if (!key) {
            const QString place = u"%1[%2]"_s.arg(field).arg(i);
            return failure(
                keyNotFound(u"'%1' names no key; nothing was deleted."_s.arg(place), place));
        }
        ids.append(key->id);
    }
    return {};
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
    // A new key has nothing that null could take away. Clients send it for all that they do not set, also
    // for what is not supported here.
    for (const QString &name : object.keys()) {
        if (object.value(name).isNull()) {
            object.remove(name);
        }
    }
    const QJsonValue duration = object.take("duration"_L1);
    TRY_VOID(applyPatch(object, wish));
    if (duration.isString() && wish.expiresAt) {
        return failure(ApiError::invalidRequest(
            u"'duration' and 'expires' both say when the key ends; send one of them."_s,
            u"duration"_s));
    }
    if (duration.isString()) {
        TRY(const std::chrono::seconds lifetime, readDuration(duration.toString()));
        wish.expiresAt = m_parts.clock.wall() + lifetime;
    } else if (!duration.isUndefined()) {
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
    const auto names = requireMaster(request).and_then([&] { return readNames(request.body); });
    if (!names) {
        sendError(*reply, names.error());
        return;
    }
    answer(std::move(reply), [&keys = m_parts.keys, names = *names]() -> Result<QJsonObject> {
        QStringList ids;
        TRY_VOID(findAll(keys, names.keys, u"keys"_s, ids));
        TRY_VOID(findAll(keys, names.aliases, u"key_aliases"_s, ids));
        QJsonArray deleted;
        for (const QString &id : ids) {
            TRY(const bool wasThere, keys.revoke(id));
            if (wasThere) { // A key may be named twice.
                deleted.append(id);
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
    const QString name = readQuery(request.query).queryItemValue(u"key"_s, QUrl::FullyDecoded);
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
            return failure(keyNotFound(u"No key has that id, alias or text."_s, u"key"_s));
        }
        return QJsonObject{{"key"_L1, key->id}, {"info"_L1, describe(*key)}};
    });
}

} // namespace delta::admin
