#include "gateway/content/personal_shapes.h"

#include <QVarLengthArray>

#include <algorithm>

namespace delta::content {

namespace {

/// A number as people write it: digits in groups.
struct Groups {
    struct Group {
        qsizetype end = 0;  ///< In the text.
        int digits = 0;     ///< Up to there, of all groups.
        char separator = 0; ///< Behind it; zero: none, or a longer one.
    };
    QVarLengthArray<char, 24> digits;
    QVarLengthArray<Group, 24> groups;
};

constexpr int mostDigits = 20;

bool isSeparator(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
}

/// Reads groups of digits with at most two separators between each, until there are more digits than any number has.
Groups groupsOf(QByteArrayView text)
{
    Groups read;
    qsizetype index = 0;
    while (read.digits.size() <= mostDigits) {
        const qsizetype begin = index;
        while (index < text.size() && isDigit(text[index]) && read.digits.size() <= mostDigits) {
            read.digits.append(text[index++]);
        }
        if (index == begin) {
            break;
        }
        const bool isWhole = index >= text.size() || !isLetterOrDigit(text[index]);
        if (!isWhole) {
            break; // A letter or a further digit behind it: it is no number of people.
        }
        const qsizetype gap = countWhile(text.sliced(index), isSeparator, 3);
        read.groups.append({index, int(read.digits.size()), gap == 1 ? text[index] : '\0'});
        if (gap == 0 || gap > 2) {
            break;
        }
        index += gap;
    }
    return read;
}

bool hasLuhnDigit(const char *digits, int count)
{
    int sum = 0;
    for (int index = 0; index < count; ++index) {
        int value = digits[count - 1 - index] - '0';
        if (index % 2 == 1) {
            value *= 2;
            value = value > 9 ? value - 9 : value;
        }
        sum += value;
    }
    return sum % 10 == 0;
}

Found cardOf(const Groups &number)
{
    constexpr int shortest = 13;
    constexpr int longest = 19;
    if (number.digits.isEmpty() || number.digits[0] < '2' || number.digits[0] > '6') {
        return {};
    }
    Found found;
    for (const Groups::Group &group : number.groups) {
        if (group.digits >= shortest && group.digits <= longest
            && hasLuhnDigit(number.digits.constData(), group.digits)) {
            found = {0, group.end, "card", {}};
        }
    }
    return found;
}

/// AAA-GG-SSSS.
Found socialSecurityOf(const Groups &number)
{
    const auto &groups = number.groups;
    const bool isShaped = groups.size() >= 3 && groups[0].digits == 3 && groups[1].digits == 5
        && groups[2].digits == 9 && groups[0].separator == groups[1].separator
        && (groups[0].separator == '-' || groups[0].separator == ' ');
    if (!isShaped) {
        return {};
    }
    const QByteArrayView digits(number.digits.constData(), 9);
    const QByteArrayView area = digits.first(3);
    const bool isIssued = area != "000" && area != "666" && area[0] != '9'
        && digits.sliced(3, 2) != "00" && digits.last(4) != "0000";
    return isIssued ? Found{0, groups[2].end, "us_ssn", {}} : Found();
}

/// Returns the last group up to which there are so many digits.
const Groups::Group *groupWithin(const Groups &number, int least, int most)
{
    const Groups::Group *found = nullptr;
    for (const Groups::Group &group : number.groups) {
        if (group.digits >= least && group.digits <= most) {
            found = &group;
        }
    }
    return found;
}

/// Behind a `+`: E.164, with or without separators.
Found internationalPhone(QByteArrayView text)
{
    constexpr int least = 8;
    constexpr int most = 15;
    const qsizetype begin = 1 + countWhile(text.sliced(1), isSeparator, 2);
    const Groups number = groupsOf(text.sliced(begin));
    const Groups::Group *const last = groupWithin(number, least, most);
    return last ? Found{0, begin + last->end, "phone", {}} : Found();
}

/// (555) 123-4567, 555-123-4567, 1 555 123 4567.
Found americanPhone(const Groups &number, qsizetype before)
{
    const auto &groups = number.groups;
    const int country = !groups.isEmpty() && groups[0].digits == 1 && number.digits[0] == '1' ? 1
                                                                                              : 0;
    const bool isShaped = groups.size() >= country + 3 && groups[country].digits == country + 3
        && groups[country + 1].digits == country + 6 && groups[country + 2].digits == country + 10
        && number.digits[country] >= '2';
    return isShaped ? Found{0, before + groups[country + 2].end, "phone", {}} : Found();
}

bool isDate(const Groups &number)
{
    const auto &groups = number.groups;
    return groups.size() >= 3 && groups[0].digits == 2 && groups[1].digits == 4
        && (groups[2].digits == 6 || groups[2].digits == 8)
        && groups[0].separator == groups[1].separator && groups[0].separator != ' ';
}

/// 0171 2345678, 01 23 45 67 89, 0044 20 7946 0958: a trunk prefix and at least one separator.
Found nationalPhone(const Groups &number, qsizetype before)
{
    constexpr int least = 9;
    constexpr int most = 15;
    const bool mayBe = number.groups.size() >= 2 && number.digits[0] == '0'
        && number.groups[0].digits >= 2 && number.groups[0].digits <= 6
        && number.groups[0].separator != '.' && !isDate(number);
    const Groups::Group *const last = mayBe ? groupWithin(number, least, most) : nullptr;
    return last ? Found{0, before + last->end, "phone", {}} : Found();
}

Found numberAt(QByteArrayView text)
{
    const qsizetype before = text.front() == '(' ? 1 : 0;
    const Groups number = groupsOf(text.sliced(before));
    if (number.groups.isEmpty()) {
        return {};
    }
    Found found;
    if (before == 0) {
        found = cardOf(number);
        if (!found.isSomething()) {
            found = socialSecurityOf(number);
        }
    }
    if (!found.isSomething()) {
        found = americanPhone(number, before);
    }
    return found.isSomething() ? found : nationalPhone(number, before);
}

/// Returns the remainder that is 1 of every IBAN: its first four characters at the end, letters as two digits.
int ibanRemainder(QByteArrayView plain)
{
    int remainder = 0;
    for (qsizetype index = 0; index < plain.size(); ++index) {
        const char c = plain[(index + 4) % plain.size()];
        if (isDigit(c)) {
            remainder = (remainder * 10 + (c - '0')) % 97;
        } else {
            remainder = (remainder * 100 + ((c | 0x20) - 'a' + 10)) % 97;
        }
    }
    return remainder;
}

Found ibanAt(QByteArrayView text)
{
    constexpr int shortest = 15;
    constexpr int longest = 34;
    if (text.size() < shortest || !isLetter(text[0]) || !isLetter(text[1]) || !isDigit(text[2])
        || !isDigit(text[3])) {
        return {};
    }
    Found found;
    QVarLengthArray<char, 40> plain;
    for (qsizetype index = 0; index < text.size() && plain.size() < longest; ++index) {
        if (text[index] == ' ' && index > 0 && isLetterOrDigit(text[index - 1])) {
            continue;
        }
        if (!isLetterOrDigit(text[index])) {
            break;
        }
        plain.append(text[index]);
        const bool isEnd = index + 1 == text.size() || !isLetterOrDigit(text[index + 1]);
        if (isEnd && plain.size() >= shortest
            && ibanRemainder(QByteArrayView(plain.constData(), plain.size())) == 1) {
            found = {0, index + 1, "iban", {}};
        }
    }
    return found;
}

bool isOfLocalPart(char c)
{
    return isLetterOrDigit(c) || static_cast<unsigned char>(c) >= 0x80
        || QByteArrayView(".!#$%&'*+-/=?^_`{|}~").contains(c);
}

bool isOfDomain(char c)
{
    return isLetterOrDigit(c) || static_cast<unsigned char>(c) >= 0x80 || c == '-' || c == '.';
}

} // namespace

Found personalAt(QByteArrayView text)
{
    const char first = text.front();
    if (first == '+') {
        return internationalPhone(text);
    }
    return isDigit(first) || first == '(' ? numberAt(text) : ibanAt(text);
}

Address emailAround(QByteArrayView text, qsizetype at, qsizetype floor)
{
    constexpr qsizetype longestLocalPart = 64;
    constexpr qsizetype longestDomain = 253;
    qsizetype begin = at;
    while (begin > floor && at - begin < longestLocalPart && isOfLocalPart(text[begin - 1])) {
        --begin;
    }
    QByteArrayView domain = text.sliced(at + 1);
    domain = domain.first(countWhile(domain, isOfDomain, longestDomain));
    while (domain.endsWith('.') || domain.endsWith('-')) {
        domain.chop(1); // It ends a sentence.
    }
    const qsizetype dot = domain.lastIndexOf('.');
    const bool isAddress = begin < at && dot > 0 && domain.size() - dot > 2
        && !isDigit(domain.back());
    return isAddress ? Address{begin, at + 1 + domain.size()} : Address{at, at};
}

} // namespace delta::content
