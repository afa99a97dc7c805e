#include "shared/json/redacted.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QString>

#include <algorithm>

namespace delta {

using namespace Qt::StringLiterals;

namespace {

/// What the value of a member may be, as its name says.
enum class Meaning {
    Plain,
    Secret,
    SecretText, ///< A secret, unless it is a number.
};

Meaning meaningOf(QString name)
{
    name = std::move(name).toLower();
    name.removeIf([](QChar letter) { return letter == u'_' || letter == u'-' || letter == u' '; });
    constexpr QLatin1StringView ends[] = {"apikey"_L1, "masterkey"_L1, "privatekey"_L1,
                                          "authorization"_L1};
    const auto isEnd = [&name](QLatin1StringView end) { return name.endsWith(end); };
    if (std::ranges::any_of(ends, isEnd) || name.contains("password"_L1)
        || name.contains("secret"_L1)) {
        return Meaning::Secret;
    }
    return name.contains("token"_L1) ? Meaning::SecretText : Meaning::Plain;
}

QJsonValue redactedValue(const QJsonValue &value);

QJsonValue redactedMember(Meaning meaning, const QJsonValue &value)
{
    const bool isSecret = meaning == Meaning::Secret
        || (meaning == Meaning::SecretText && !value.isDouble() && !value.isBool());
    return isSecret && !value.isNull() ? QJsonValue(redactedText) : redactedValue(value);
}

QJsonValue redactedValue(const QJsonValue &value)
{
    if (value.isObject()) {
        return redacted(value.toObject());
    }
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue &element : value.toArray()) {
            array.append(redactedValue(element));
        }
        return array;
    }
    return value.isString() && value.toString().startsWith("sk-"_L1) ? QJsonValue(redactedText)
                                                                     : value;
}

} // namespace

QJsonObject redacted(const QJsonObject &object)
{
    QJsonObject result;
    for (auto member = object.begin(); member != object.end(); ++member) {
        result.insert(member.key(), redactedMember(meaningOf(member.key()), member.value()));
    }
    return result;
}

} // namespace delta
