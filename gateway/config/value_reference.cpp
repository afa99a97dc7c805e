#include "gateway/config/value_reference.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

constexpr auto environmentPrefix = "os.environ/"_L1;
constexpr std::array secretPrefixes{"file/"_L1,
                                    "systemd/"_L1,
                                    "vault/"_L1,
                                    "aws.secretsmanager/"_L1,
                                    "gcp.secretmanager/"_L1,
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

std::expected<QString, Unresolved> resolveVariable(const QString &name,
                                                   const QProcessEnvironment &environment)
{
    if (!isVariableName(name)) {
        return std::unexpected(
            Unresolved{u"os.environ/ must be followed by the name of a variable"_s});
    }
    const QString value = environment.value(name);
    if (value.isEmpty()) {
        return std::unexpected(Unresolved{
            environment.contains(name) ? u"the environment variable %1 is empty"_s.arg(name)
                                       : u"the environment variable %1 is not set"_s.arg(name)});
    }
    return value;
}

} // namespace

bool isReference(const QString &text)
{
    return text.startsWith(environmentPrefix) || isSecretReference(text);
}

bool isSecretReference(const QString &text)
{
    return std::ranges::any_of(secretPrefixes,
                               [&](auto prefix) { return text.startsWith(prefix); });
}

std::expected<QString, Unresolved> resolveReference(const QString &text,
                                                    const QProcessEnvironment &environment,
                                                    ports::SecretSource *secrets)
{
    if (!isSecretReference(text)) {
        return resolveVariable(text.sliced(environmentPrefix.size()), environment);
    }
    if (!secrets) {
        return std::unexpected(Unresolved{u"%1 is not asked for here"_s.arg(text)});
    }
    const auto found = secrets->find(text);
    if (found) {
        return QString::fromUtf8(found->reveal());
    }
    const bool mayPass = found.error().kind == ports::SecretFailure::Kind::Passing;
    return std::unexpected(Unresolved{u"%1 has no value: %2"_s.arg(text, found.error().reason),
                                      mayPass ? Problem::Cause::Elsewhere : Problem::Cause::File});
}

} // namespace delta::config
