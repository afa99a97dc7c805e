#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_filter.h"
#include "shared/core/quoted.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

struct Operator {
    QLatin1StringView name;
    Comparison comparison;
};

constexpr std::array operators{
    Operator{"eq"_L1, Comparison::Equal},          Operator{"ne"_L1, Comparison::NotEqual},
    Operator{"co"_L1, Comparison::Contains},       Operator{"sw"_L1, Comparison::StartsWith},
    Operator{"ew"_L1, Comparison::EndsWith},       Operator{"gt"_L1, Comparison::Greater},
    Operator{"ge"_L1, Comparison::GreaterOrEqual}, Operator{"lt"_L1, Comparison::Less},
    Operator{"le"_L1, Comparison::LessOrEqual},
};

bool isSameWord(QStringView a, QLatin1StringView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isNameCharacter(QChar character)
{
    return (character.unicode() < 128 && character.isLetterOrNumber())
        || u"$-_.:"_s.contains(character);
}

/// Takes a text apart, from its begin to its end.
class Parser
{
public:
    Parser(const ResourceType &type, QStringView text, QLatin1StringView errorType)
        : m_type(type)
        , m_text(text)
        , m_errorType(errorType)
    {
    }

    [[nodiscard]] Result<Filter> wholeFilter()
    {
        TRY_VOID(checkLength());
        TRY(Filter filter, disjunction(nullptr));
        TRY_VOID(atEnd());
        return filter;
    }

    [[nodiscard]] Result<Path> wholePath()
    {
        TRY_VOID(checkLength());
        TRY(const Target target, name(nullptr));
        Path path{target, std::nullopt};
        if (take(u'[')) {
            TRY(path.filter, bracket(target));
            if (take(u'.')) {
                TRY(path.target.part, partOf(*target.attribute, word()));
            }
        }
        TRY_VOID(atEnd());
        return path;
    }

private:
    /// Within brackets names are those of the parts of `list`; elsewhere it is null.
    [[nodiscard]] Result<Filter> disjunction(const Attribute *list)
    {
        return chain({"or"_L1, Filter::Kind::Or}, list, &Parser::conjunction);
    }

    [[nodiscard]] Result<Filter> conjunction(const Attribute *list)
    {
        return chain({"and"_L1, Filter::Kind::And}, list, &Parser::factor);
    }

    struct Joint {
        QLatin1StringView word;
        Filter::Kind kind;
    };

    [[nodiscard]] Result<Filter> chain(const Joint &joint, const Attribute *list,
                                       Result<Filter> (Parser::*link)(const Attribute *))
    {
        TRY(Filter first, (this->*link)(list));
        if (!takeWord(joint.word)) {
            return first;
        }
        Filter whole{.kind = joint.kind};
        whole.parts.push_back(std::move(first));
        do {
            TRY(Filter next, (this->*link)(list));
            whole.parts.push_back(std::move(next));
        } while (takeWord(joint.word));
        return whole;
    }

    [[nodiscard]] Result<Filter> factor(const Attribute *list)
    {
        const bool isNegated = takeWord("not"_L1);
        if (!take(u'(')) {
            return isNegated ? fail(u"expects '(' after 'not'"_s) : comparison(list);
        }
        if (++m_depth > deepestFilter) {
            return fail(u"has more than %1 parentheses within one another"_s.arg(deepestFilter));
        }
        TRY(Filter inner, disjunction(list));
        --m_depth;
        if (!take(u')')) {
            return fail(u"expects ')'"_s);
        }
        if (!isNegated) {
            return inner;
        }
        Filter negation{.kind = Filter::Kind::Not};
        negation.parts.push_back(std::move(inner));
        return negation;
    }

    [[nodiscard]] Result<Filter> comparison(const Attribute *list)
    {
        if (++m_comparisons > mostComparisons) {
            return fail(u"has more than %1 comparisons"_s.arg(mostComparisons));
        }
        TRY(const Target target, name(list));
        if (!target.attribute) {
            return fail(u"names no attribute"_s);
        }
        if (!list && take(u'[')) {
            Filter within{.kind = Filter::Kind::Within, .target = target};
            TRY(Filter inner, bracket(target));
            within.parts.push_back(std::move(inner));
            return within;
        }
        const QStringView verb = word();
        if (isSameWord(verb, "pr"_L1)) {
            return Filter{.kind = Filter::Kind::Present, .target = target};
        }
        for (const Operator &each : operators) {
            if (isSameWord(verb, each.name)) {
                return compared(target, each.comparison);
            }
        }
        return fail(u"expects one of eq, ne, co, sw, ew, gt, ge, lt, le and pr"_s);
    }

    [[nodiscard]] Result<Filter> compared(Target target, Comparison comparison)
    {
        if (target.attribute->type == Type::Complex && !target.part) {
            target.part = find(target.attribute->parts, u"value");
            if (!target.part) {
                return fail(
                    u"must say which part of '%1' it compares"_s.arg(target.attribute->name));
            }
        }
        TRY(QJsonValue value, literal());
        const Attribute &attribute = target.part ? *target.part : *target.attribute;
        TRY(value, fitting(attribute, comparison, value));
        return Filter{.kind = Filter::Kind::Compare,
                      .target = target,
                      .comparison = comparison,
                      .value = value};
    }

    /// Some directories write booleans as texts.
    [[nodiscard]] Result<QJsonValue> fitting(const Attribute &attribute, Comparison comparison,
                                             const QJsonValue &value)
    {
        const bool isEquality = comparison == Comparison::Equal
            || comparison == Comparison::NotEqual;
        if (value.isNull() && isEquality) {
            return value;
        }
        if (attribute.type == Type::Boolean) {
            const QString text = value.toString().toLower();
            const bool isBoolean = value.isBool() || text == "true"_L1 || text == "false"_L1;
            if (!isBoolean || !isEquality) {
                return fail(
                    u"compares '%1' by eq or ne with true or false only"_s.arg(attribute.name));
            }
            return value.isBool() ? value : QJsonValue(text == "true"_L1);
        }
        if (!value.isString()) {
            return fail(u"compares '%1' with a text only"_s.arg(attribute.name));
        }
        const bool isTime = attribute.type == Type::DateTime;
        if (isTime && !QDateTime::fromString(value.toString(), Qt::ISODateWithMs).isValid()) {
            return fail(u"compares '%1' with a time such as \"2026-01-31T12:00:00Z\" only"_s.arg(
                attribute.name));
        }
        return value;
    }

    [[nodiscard]] Result<Filter> bracket(const Target &target)
    {
        if (!target.attribute || !target.attribute->isMulti || target.part) {
            return fail(u"may have '[' after a list only"_s);
        }
        TRY(Filter inner, disjunction(target.attribute));
        if (!take(u']')) {
            return fail(u"expects ']'"_s);
        }
        return inner;
    }

    [[nodiscard]] Result<Target> name(const Attribute *list)
    {
        const QStringView text = word();
        if (list) {
            TRY(const Attribute *const part, partOf(*list, text));
            return Target{.attribute = part};
        }
        if (const Schema *const extension = m_type.extension;
            extension && text.startsWith(extension->id, Qt::CaseInsensitive)) {
            const QStringView rest = text.sliced(extension->id.size());
            return rest.isEmpty() ? Target{.extension = extension}
                                  : dotted(extension, rest.sliced(1));
        }
        const QLatin1StringView own = m_type.schema.id;
        const bool isWhole = text.size() > own.size() + 1
            && text.startsWith(own, Qt::CaseInsensitive);
        return dotted(nullptr, isWhole ? text.sliced(own.size() + 1) : text);
    }

    [[nodiscard]] Result<Target> dotted(const Schema *extension, QStringView text)
    {
        const qsizetype dot = text.indexOf(u'.');
        const QStringView first = dot < 0 ? text : text.first(dot);
        const Attribute *const attribute = extension ? find(extension->attributes, first)
                                                     : find(m_type, first);
        if (!attribute) {
            return fail(u"names %1, which is no attribute of a %2"_s.arg(
                quoted(first.toString()), QString(m_type.name).toLower()));
        }
        Target target{extension, attribute, nullptr};
        if (dot >= 0) {
            TRY(target.part, partOf(*attribute, text.sliced(dot + 1)));
        }
        return target;
    }

    [[nodiscard]] Result<const Attribute *> partOf(const Attribute &attribute, QStringView text)
    {
        const Attribute *const part = find(attribute.parts, text);
        if (!part) {
            return fail(u"names %1, which is no part of '%2'"_s.arg(quoted(text.toString()),
                                                                    attribute.name));
        }
        return part;
    }

    /// A value as in JSON.
    [[nodiscard]] Result<QJsonValue> literal()
    {
        skipSpace();
        const qsizetype begin = m_at;
        if (m_at < m_text.size() && m_text[m_at] == u'"') {
            for (++m_at; m_at < m_text.size() && m_text[m_at] != u'"'; ++m_at) {
                m_at += m_text[m_at] == u'\\' ? 1 : 0;
            }
            ++m_at;
        } else {
            while (m_at < m_text.size() && !m_text[m_at].isSpace()
                   && !u")]"_s.contains(m_text[m_at])) {
                ++m_at;
            }
        }
        m_at = std::min(m_at, m_text.size());
        const QByteArray json = '[' + m_text.sliced(begin, m_at - begin).toUtf8() + ']';
        const QJsonArray values = QJsonDocument::fromJson(json).array();
        if (values.size() != 1 || values.first().isArray() || values.first().isObject()) {
            return fail(u"expects a value such as \"text\", true or null"_s);
        }
        return values.first();
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace()) {
            ++m_at;
        }
    }

    [[nodiscard]] bool take(QChar character)
    {
        skipSpace();
        const bool isThere = m_at < m_text.size() && m_text[m_at] == character;
        m_at += isThere ? 1 : 0;
        return isThere;
    }

    [[nodiscard]] QStringView word()
    {
        skipSpace();
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && isNameCharacter(m_text[m_at])) {
            ++m_at;
        }
        return m_text.sliced(begin, m_at - begin);
    }

    [[nodiscard]] bool takeWord(QLatin1StringView wanted)
    {
        const qsizetype before = m_at;
        const bool isThere = isSameWord(word(), wanted);
        m_at = isThere ? m_at : before;
        return isThere;
    }

    [[nodiscard]] Result<void> checkLength()
    {
        return m_text.size() <= longestFilter
            ? Result<void>()
            : fail(u"has more than %1 characters"_s.arg(longestFilter));
    }

    [[nodiscard]] Result<void> atEnd()
    {
        skipSpace();
        return m_at == m_text.size() ? Result<void>() : fail(u"goes on where it should end"_s);
    }

    [[nodiscard]] std::unexpected<ApiError> fail(const QString &what) const
    {
        const bool isFilter = m_errorType == invalidFilter;
        const QString subject = isFilter ? u"filter"_s : u"path"_s;
        return failure(scimError(
            m_errorType,
            u"'%1' %2, at character %3."_s.arg(subject, what, QString::number(m_at + 1)), subject));
    }

    const ResourceType &m_type;
    const QStringView m_text;
    const QLatin1StringView m_errorType;
    qsizetype m_at = 0;
    int m_depth = 0;
    int m_comparisons = 0;
};

} // namespace

Result<Filter> parseFilter(const ResourceType &type, QStringView text)
{
    return Parser(type, text, invalidFilter).wholeFilter();
}

Result<Path> parsePath(const ResourceType &type, QStringView text)
{
    return Parser(type, text, invalidPath).wholePath();
}

} // namespace delta::admin::scim
