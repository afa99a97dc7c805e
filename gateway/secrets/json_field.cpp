#include "gateway/secrets/json_field.h"

#include "shared/core/quoted.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

QByteArray textOfValue(const QJsonValue &value)
{
    if (value.isString()) {
        return value.toString().toUtf8();
    }
    // A document is an object or a list, so the value becomes a list of one, without its brackets.
    return QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).sliced(1).chopped(1);
}

} // namespace

FoundSecret jsonField(const Secret &secret, const QString &field)
{
    const QJsonDocument document = QJsonDocument::fromJson(secret.reveal());
    if (!document.isObject()) {
        return lasting(u"the secret is no JSON object, so it has no field %1"_s.arg(quoted(field)));
    }
    const QJsonValue value = document.object().value(field);
    if (value.isUndefined() || value.isNull()) {
        return lasting(u"the secret has no field %1"_s.arg(quoted(field)));
    }
    return Secret(textOfValue(value));
}

FoundSecret textOf(const QJsonValue &value, const QString &manager)
{
    if (!value.isString() || value.toString().isEmpty()) {
        return lasting(u"%1 answers without a secret in it"_s.arg(manager));
    }
    return Secret(value.toString().toUtf8());
}

} // namespace delta::secrets
