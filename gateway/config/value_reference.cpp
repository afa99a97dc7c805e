#include "gateway/config/value_reference.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

constexpr auto environmentPrefix = "os.environ/"_L1;
constexpr std::array managerPrefixes{"aws.secretsmanager/"_L1, "gcp.secretmanager/"_L1,
                                     "azure.keyvault/"_L1};

bool isVariableName(QStringView name)
{
    const auto isLetter = [](QChar c) {
        return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z') || c == u'_';
    };
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    return !name.isEmpty() && isLetter(name.front())
        && std::ranges::all_of(name, [&](QChar c) { return isLetter(c) || isDigit(c); });
}

} // namespace

bool isReference(const QString &text)
{
    return text.startsWith(environmentPrefix)
        || std::ranges::any_of(managerPrefixes,
                               [&](auto prefix) { return text.startsWith(prefix); });
}

std::expected<QString, QString> resolveReference(const QString &text,
                                                 const QProcessEnvironment &environment)
{
    if (!text.startsWith(environmentPrefix)) {
        const QString manager = text.section(u'/', 0, 0);
        return std::unexpected(
            u"references to %1 are not supported yet; use os.environ/NAME"_s.arg(manager));
    }
    const QString name = text.sliced(environmentPrefix.size());
    if (!isVariableName(name)) {
        return std::unexpected(u"os.environ/ must be followed by the name of a variable"_s);
    }
    const QString value = environment.value(name);
    if (value.isEmpty()) {
        return std::unexpected(environment.contains(name)
                                   ? u"the environment variable %1 is empty"_s.arg(name)
                                   : u"the environment variable %1 is not set"_s.arg(name));
    }
    return value;
}

} // namespace delta::config
