#include "shared/models/text_rules.h"

#include "shared/core/quoted.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qsizetype longestModelName = 256;
constexpr qsizetype longestProse = 2'000;
constexpr qsizetype longestAddress = 254; // RFC 5321 §4.5.3.1.3, less the angle brackets.
constexpr qsizetype mostModels = 1'000;

std::unexpected<ApiError> wrong(const QString &path, const QString &rule)
{
    return failure(ApiError::invalidRequest(u"'%1' %2."_s.arg(path, rule), path));
}

Result<void> checkLength(const QString &text, const QString &path, qsizetype longest)
{
    if (text.size() > longest) {
        return wrong(path,
                     u"must have at most %1 characters; it has %2"_s.arg(longest).arg(text.size()));
    }
    return {};
}

bool isIdCharacter(QChar character)
{
    return (character.unicode() < 128 && character.isLetterOrNumber())
        || u"-_.:@"_s.contains(character);
}

} // namespace

Result<void> checkText(const QString &text, const QString &path, qsizetype longest)
{
    TRY_VOID(checkLength(text, path, longest));
    if (hasUnprintable(text)) {
        return wrong(path, u"must not hold control characters or line breaks"_s);
    }
    return {};
}

Result<void> checkRequired(const QString &text, const QString &path)
{
    if (text.trimmed().isEmpty()) {
        return wrong(path, u"must not be empty"_s);
    }
    return checkText(text, path);
}

Result<void> checkProse(const QString &text, const QString &path)
{
    TRY_VOID(checkLength(text, path, longestProse));
    QString flat = text;
    flat.replace(u'\n', u' ').replace(u'\t', u' ');
    if (hasUnprintable(flat)) {
        return wrong(path, u"must not hold control characters"_s);
    }
    return {};
}

Result<void> checkId(const QString &id, const QString &path)
{
    TRY_VOID(checkLength(id, path, longestName));
    if (!std::ranges::all_of(id, isIdCharacter)) {
        return wrong(path, u"may hold letters, digits and any of -_.:@ only"_s);
    }
    return {};
}

Result<void> checkEmail(const QString &address, const QString &path)
{
    TRY_VOID(checkText(address, path, longestAddress));
    const qsizetype at = address.indexOf(u'@');
    const bool isOne = at > 0 && at == address.lastIndexOf(u'@') && at + 1 < address.size();
    if (!address.isEmpty()
        && (!isOne || std::ranges::any_of(address, [](QChar each) { return each.isSpace(); }))) {
        return wrong(path, u"must be an e-mail address such as ann@example.com"_s);
    }
    return {};
}

Result<void> checkModels(const QStringList &models, const QString &path)
{
    if (models.size() > mostModels) {
        return wrong(path, u"may name at most %1 models"_s.arg(mostModels));
    }
    for (qsizetype i = 0; i < models.size(); ++i) {
        const QString element = u"%1[%2]"_s.arg(path).arg(i);
        if (models[i].isEmpty()) {
            return wrong(element, u"must not be empty; an empty list allows all models"_s);
        }
        TRY_VOID(checkText(models[i], element, longestModelName));
    }
    return {};
}

Result<void> checkRange(std::optional<qint64> value, qint64 least, qint64 most, const QString &path)
{
    return value && (*value < least || *value > most)
        ? wrong(path, u"must be from %1 to %2"_s.arg(least).arg(most))
        : Result<void>();
}

} // namespace delta
