#include "gateway/auth/hook/hook_answer.h"

#include "gateway/auth/jwt/strict_json.h"
#include "shared/core/quoted.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QStringList>

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

constexpr qsizetype longestText = 255; // As long as ids of users and teams are in keys.
constexpr qsizetype mostTexts = 1'000;
constexpr qint64 longestLife = 86'400;

/// Reads the members of an answer. The first that is wrong is remembered.
class Members
{
public:
    explicit Members(const QJsonObject &object)
        : m_object(object)
    {
        static const QStringList known{u"allow"_s,           u"user_id"_s, u"team_id"_s,
                                       u"organization_id"_s, u"models"_s,  u"tags"_s,
                                       u"expires_in"_s};
        for (const QString &name : object.keys()) {
            if (!known.contains(name)) {
                fail(name, u"is not known"_s);
            }
        }
    }

    [[nodiscard]] bool isAllowed()
    {
        const QJsonValue value = m_object[u"allow"_s];
        if (!value.isBool()) {
            fail(u"allow"_s, u"must be true or false"_s);
        }
        return value.toBool();
    }
    [[nodiscard]] QByteArray text(const QString &name)
    {
        const QJsonValue value = m_object[name];
        if (isAbsent(value)) {
            return {};
        }
        if (!isText(value)) {
            fail(name, u"must be a text of 1 to %1 printable characters"_s.arg(longestText));
        }
        return value.toString().toUtf8();
    }
    /// Returns nothing if there is no list.
    [[nodiscard]] std::optional<QByteArrayList> texts(const QString &name)
    {
        const QJsonValue value = m_object[name];
        if (isAbsent(value)) {
            return std::nullopt;
        }
        const QJsonArray array = value.toArray();
        QByteArrayList texts;
        for (const QJsonValue &each : array) {
            if (isText(each)) {
                texts.append(each.toString().toUtf8());
            }
        }
        if (array.isEmpty() || array.size() > mostTexts || texts.size() != array.size()) {
            fail(name,
                 u"must be a list of 1 to %1 texts of at most %2 printable characters"_s
                     .arg(mostTexts)
                     .arg(longestText));
        }
        return texts;
    }
    [[nodiscard]] std::optional<std::chrono::seconds> seconds(const QString &name)
    {
        const QJsonValue value = m_object[name];
        if (isAbsent(value)) {
            return std::nullopt;
        }
        const qint64 number = value.toInteger(0);
        if (number < 1 || number > longestLife) {
            fail(name, u"must be a whole number of seconds from 1 to %1"_s.arg(longestLife));
        }
        return std::chrono::seconds(number);
    }

    void fail(const QString &name, const QString &problem)
    {
        if (m_fault.isEmpty()) {
            m_fault = u"%1 %2"_s.arg(quoted(name), problem);
        }
    }
    /// Returns what is wrong; empty if nothing is.
    [[nodiscard]] const QString &fault() const
    {
        return m_fault;
    }

private:
    static bool isAbsent(const QJsonValue &value)
    {
        return value.isUndefined() || value.isNull();
    }
    static bool isText(const QJsonValue &value)
    {
        const QString text = value.toString();
        return value.isString() && !text.isEmpty() && text.size() <= longestText
            && !hasUnprintable(text);
    }

    const QJsonObject &m_object;
    QString m_fault;
};

std::shared_ptr<const KeyFacts> factsOf(Members &members)
{
    KeyFacts facts;
    facts.userId = members.text(u"user_id"_s);
    if (facts.userId.isEmpty()) {
        members.fail(u"user_id"_s, u"must name the user"_s);
    }
    facts.id = "custom:" + facts.userId;
    facts.teamId = members.text(u"team_id"_s);
    facts.organizationId = members.text(u"organization_id"_s);
    KeyTerms terms;
    terms.models = members.texts(u"models"_s).value_or(QByteArrayList());
    terms.tags = members.texts(u"tags"_s).value_or(QByteArrayList()).join('\n');
    facts.terms = std::make_shared<const KeyTerms>(std::move(terms));
    return std::make_shared<const KeyFacts>(std::move(facts));
}

} // namespace

std::expected<HookAnswer, QString> readHookAnswer(QByteArrayView text)
{
    if (text.size() > longestHookAnswer) {
        return std::unexpected(u"its answer has more than %1 bytes"_s.arg(longestHookAnswer));
    }
    const std::optional<QJsonObject> object = parseStrictObject(text);
    if (!object) {
        return std::unexpected(u"its answer is no JSON object"_s);
    }
    Members members(*object);
    HookAnswer answer;
    answer.goodFor = members.seconds(u"expires_in"_s);
    if (members.isAllowed()) {
        answer.facts = factsOf(members);
    }
    if (!members.fault().isEmpty()) {
        return std::unexpected(u"in its answer "_s + members.fault());
    }
    return answer;
}

} // namespace delta::auth
