#include "gateway/admin/contract/idempotency.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

constexpr qsizetype longestKey = 255;

/// Whose key it is, for which route, and the key's hash.
struct KeyPlace {
    QString scope;
    QByteArray hash;
};

QByteArray digest(QByteArrayView bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

/// Returns nothing if the request has no key. That of a step would be the key of all steps.
Result<std::optional<KeyPlace>> placeOf(const AdminCall &call)
{
    const auto key = call.request.header("idempotency-key");
    if (!key || call.isStep) {
        return std::nullopt;
    }
    const bool isPlain = std::ranges::all_of(*key,
                                             [](char each) { return each > ' ' && each < 0x7f; });
    if (key->isEmpty() || key->size() > longestKey || !isPlain) {
        return failure(ApiError::invalidRequest(
            u"'Idempotency-Key' must have 1 to %1 visible ASCII characters."_s.arg(longestKey),
            u"Idempotency-Key"_s));
    }
    const QString caller = enumName(call.caller.kind) + u':' + call.caller.id;
    return KeyPlace{u"%1 %2 %3"_s.arg(caller, QString::fromLatin1(call.request.method),
                                      QString::fromLatin1(call.request.path)),
                    digest(*key)};
}

Secret packed(const Answer &answer)
{
    QJsonArray headers;
    for (const auto &[name, value] : answer.headers) {
        headers.append(QJsonArray{QString::fromLatin1(name), QString::fromLatin1(value)});
    }
    const QJsonArray parts{answer.status, headers, QString::fromUtf8(answer.body)};
    return Secret(QJsonDocument(parts).toJson(QJsonDocument::Compact));
}

Answer unpacked(const Secret &text)
{
    const QJsonArray parts = QJsonDocument::fromJson(text.reveal()).array();
    Answer answer{.status = parts[0].toInt(), .headers = {}, .body = parts[2].toString().toUtf8()};
    for (const auto &header : parts[1].toArray()) {
        answer.headers.emplace_back(header[0].toString().toLatin1(),
                                    header[1].toString().toLatin1());
    }
    answer.headers.emplace_back("idempotent-replayed"_ba, "true"_ba);
    return answer;
}

} // namespace

QByteArray answerContext(const QString &scope, const QByteArray &keyHash)
{
    return "idempotent_answers|" + scope.toUtf8() + '|' + keyHash.toHex();
}

Result<std::optional<Answer>> Idempotency::find(store::ControlTables &tables, const AdminCall &call)
{
    TRY(const std::optional<KeyPlace> place, placeOf(call));
    if (!place) {
        return std::nullopt;
    }
    TRY(const std::optional<store::IdempotentAnswer> kept,
        tables.idempotency.find(place->scope, place->hash));
    if (!kept) {
        return std::nullopt;
    }
    if (kept->requestHash != digest(call.request.body)) {
        ApiError error = ApiError::conflict(
            u"This Idempotency-Key came with another request before. Send a new key with each new request."_s,
            u"Idempotency-Key"_s);
        error.code = u"idempotency_key_reused"_s;
        return failure(std::move(error));
    }
    TRY(const Secret text,
        m_parts.sealer.open(kept->sealed, answerContext(place->scope, place->hash)));
    return unpacked(text);
}

Result<void> Idempotency::keep(store::ControlTables &tables, const AdminCall &call,
                               const Answer &answer)
{
    TRY(const std::optional<KeyPlace> place, placeOf(call));
    if (!place) {
        return {};
    }
    TRY(const QByteArray sealed,
        m_parts.sealer.seal(packed(answer), answerContext(place->scope, place->hash)));
    auto kept = tables.idempotency.keep(place->scope, place->hash,
                                        {digest(call.request.body), sealed}, m_parts.clock.wall());
    if (!kept && kept.error().kind == ErrorKind::InvalidRequest) {
        return failure(ApiError::conflict(
            u"The same request is being answered at this moment. Ask again in a second."_s,
            u"Idempotency-Key"_s));
    }
    return kept;
}

} // namespace delta::admin
