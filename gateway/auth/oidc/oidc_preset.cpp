#include "gateway/auth/oidc/oidc_preset.h"

#include <QUrl>
#include <QUuid>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

// The claim email_verified does not exist at Microsoft, where whoever administers a tenant can write any address into
// `email`; xms_edov, an optional claim of the registered application, says that the tenant owns its domain.
constexpr std::array presets{
    OidcPreset{"oidc"_L1, {}, {}, "openid email profile"_L1, "email_verified"_L1},
    OidcPreset{"google"_L1, "https://accounts.google.com"_L1, "https://accounts.google.com"_L1,
               "openid email profile"_L1, "email_verified"_L1},
    OidcPreset{"microsoft"_L1,
               {},
               "https://login.microsoftonline.com/TENANT-ID/v2.0"_L1,
               "openid email profile"_L1,
               "xms_edov"_L1},
    OidcPreset{"okta"_L1,
               {},
               "https://example.okta.com, or with /oauth2/default behind it"_L1,
               "openid email profile groups"_L1,
               "email_verified"_L1},
};

/// Tokens name the tenant by its number, also where it was asked for by name or for all of them ("common").
bool isMicrosoft(const QUrl &url)
{
    static const QStringList clouds{u"login.microsoftonline.com"_s, u"login.microsoftonline.us"_s,
                                    u"login.partner.microsoftonline.cn"_s};
    const QStringList steps = url.path().split(u'/');
    return clouds.contains(url.host()) && steps.size() == 3 && !QUuid(steps[1]).isNull()
        && !steps[1].startsWith(u'{') && steps[2] == "v2.0"_L1;
}

/// The organisation's own server, or one of the authorization servers below it. The host may be one's own.
bool isOkta(const QUrl &url)
{
    const QStringList steps = url.path().split(u'/');
    return url.path().isEmpty()
        || (steps.size() == 3 && steps[1] == "oauth2"_L1 && !steps[2].isEmpty());
}

} // namespace

const OidcPreset &presetOf(const QString &name)
{
    const auto found = std::ranges::find(presets, name, &OidcPreset::name);
    return found == presets.end() ? presets.front() : *found;
}

QStringList presetNames()
{
    QStringList names;
    for (const OidcPreset &preset : presets) {
        names.append(preset.name);
    }
    return names;
}

bool fits(const OidcPreset &preset, const QString &issuer)
{
    const QUrl url(issuer, QUrl::StrictMode);
    if (preset.name == "microsoft"_L1) {
        return isMicrosoft(url);
    }
    if (preset.name == "okta"_L1) {
        return isOkta(url);
    }
    return preset.issuer.isEmpty() || issuer == preset.issuer;
}

} // namespace delta::auth
