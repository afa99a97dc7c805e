#include "gateway/config/sso_keys.h"

#include "gateway/auth/oidc/oidc_preset.h"
#include "gateway/config/nearest_value.h"
#include "gateway/config/safe_url.h"

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

constexpr auto example = "https://login.example.com"_L1;

bool isMeaning(const QString &text)
{
    static const QStringList platform{u"platform_admin"_s, u"platform_viewer"_s};
    static const QStringList team{u"team_viewer"_s, u"team_member"_s, u"team_admin"_s};
    static const QStringList organization{u"org_viewer"_s, u"org_admin"_s, u"org_owner"_s};
    const QStringList parts = text.split(u':');
    const bool isPlace = parts.size() == 3 && !parts[1].isEmpty();
    return platform.contains(text) || (isPlace && parts[0] == "team"_L1 && team.contains(parts[2]))
        || (isPlace && parts[0] == "organization"_L1 && organization.contains(parts[2]));
}

} // namespace

void readSsoIssuer(const Value &value, const Limits &, ConfigDraft &draft)
{
    readSafeUrl(value, example, draft.config.sso.issuer);
}

void readSsoRedirect(const Value &value, const Limits &, ConfigDraft &draft)
{
    readSafeUrl(value, example, draft.config.sso.redirectUri);
}

void readSsoProvider(const Value &value, const Limits &, ConfigDraft &draft)
{
    const QStringList known = auth::presetNames();
    const auto text = value.text();
    if (text && !known.contains(*text)) {
        value.fail(u"must be one of %1"_s.arg(known.join(u", "_s)));
        return;
    }
    draft.config.sso.provider = text.value_or(draft.config.sso.provider);
}

void readSsoGroups(const Value &value, const Limits &, ConfigDraft &draft)
{
    if (value.node().kind != YamlNode::Kind::Map) {
        failKind(value, "a map of groups to roles"_L1);
        return;
    }
    for (const YamlNode::Entry &entry : value.node().entries) {
        const Value item = value.at(entry);
        const auto text = item.text();
        if (text && !isMeaning(*text)) {
            item.fail(u"must be platform_admin, platform_viewer, team:ID:team_member or "
                      "organization:ID:org_admin, or their like"_s);
        } else if (text) {
            draft.config.sso.groupRoles.insert(entry.key, *text);
        }
    }
}

void checkSso(const Value &root, auth::OidcSettings &sso)
{
    const auth::OidcPreset &preset = auth::presetOf(sso.provider);
    if (sso.issuer.isEmpty()) {
        sso.issuer = preset.issuer;
    }
    if (!sso.isEnabled) {
        return;
    }
    const Value place = nearestValue(root, {u"general_settings"_s, u"enable_sso"_s});
    if (sso.issuer.isEmpty()) {
        place.fail(u"needs sso_issuer as well, such as "_s
                   + (preset.issuerForm.isEmpty() ? u"https://login.example.com"_s
                                                  : QString(preset.issuerForm)));
    } else if (!auth::fits(preset, sso.issuer)) {
        nearestValue(root, {u"general_settings"_s, u"sso_issuer"_s})
            .fail(u"must be of the form %1 with the sso_provider %2"_s.arg(preset.issuerForm,
                                                                           preset.name));
    }
    if (sso.clientId.isEmpty()) {
        place.fail(u"needs sso_client_id as well"_s);
    }
    if (sso.redirectUri.isEmpty()) {
        place.fail(u"needs sso_redirect_uri as well: the gateway's own address with "
                   "/ui/api/auth/oidc/callback"_s);
    }
    if (!sso.scope.isEmpty() && !sso.scope.split(u' ').contains("openid"_L1)) {
        nearestValue(root, {u"general_settings"_s, u"sso_scope"_s}).fail(u"must have openid"_s);
    }
}

} // namespace delta::config
