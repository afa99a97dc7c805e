#pragma once

#include "gateway/auth/oidc/oidc_settings.h"
#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"

#include <array>

namespace delta::config {

/// Takes a URL as readJwksUrl() does.
void readSsoIssuer(const Value &value, const Limits &limits, ConfigDraft &draft);
void readSsoRedirect(const Value &value, const Limits &limits, ConfigDraft &draft);
/// Takes the name of a preset.
void readSsoProvider(const Value &value, const Limits &limits, ConfigDraft &draft);
/// Takes a map of groups to what they mean.
void readSsoGroups(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Reports settings of single sign-on that are wrong together. `root` is the whole file.
void checkSso(const Value &root, auth::OidcSettings &sso);

/// Which identity provider people log in with, in general_settings.
inline constexpr std::array ssoKeys{
    setting<&Config::sso, &auth::OidcSettings::isEnabled>(
        QLatin1StringView("enable_sso"),
        QLatin1StringView("Whether people log in at an identity provider (OpenID Connect).")),
    Key<ConfigDraft>{.name = QLatin1StringView("sso_provider"),
                     .meaning = QLatin1StringView("A preset: google, microsoft, okta; or oidc."),
                     .type = QLatin1StringView("text"),
                     .read = readSsoProvider},
    Key<ConfigDraft>{.name = QLatin1StringView("sso_issuer"),
                     .meaning = QLatin1StringView("The issuer, to the letter; google has its own."),
                     .type = QLatin1StringView("URL"),
                     .read = readSsoIssuer},
    setting<&Config::sso, &auth::OidcSettings::clientId>(
        QLatin1StringView("sso_client_id"), QLatin1StringView("What the provider knows us by.")),
    setting<&Config::sso, &auth::OidcSettings::clientSecret>(
        QLatin1StringView("sso_client_secret"),
        QLatin1StringView("Our secret at the provider; absent: PKCE alone protects the code.")),
    Key<ConfigDraft>{.name = QLatin1StringView("sso_redirect_uri"),
                     .meaning = QLatin1StringView(
                         "Where the provider sends people back: …/ui/api/auth/oidc/callback."),
                     .type = QLatin1StringView("URL"),
                     .read = readSsoRedirect},
    setting<&Config::sso, &auth::OidcSettings::scope>(
        QLatin1StringView("sso_scope"),
        QLatin1StringView("What is asked for, openid included; absent: as the preset has it.")),
    setting<&Config::sso, &auth::OidcSettings::adminEmails>(
        QLatin1StringView("sso_admin_email_list"),
        QLatin1StringView("Verified addresses of platform admins; absent: groups or admins say.")),
    setting<&Config::sso, &auth::OidcSettings::defaultTeam>(
        QLatin1StringView("sso_default_team_id"),
        QLatin1StringView("A team that those who are new become viewers of; absent: none.")),
    setting<&Config::sso, &auth::OidcSettings::allowedDomains>(
        QLatin1StringView("sso_allowed_domains"),
        QLatin1StringView("Domains of addresses that are let in; absent: all.")),
    setting<&Config::sso, &auth::OidcSettings::groupsClaim>(
        QLatin1StringView("sso_groups_claim"), QLatin1StringView("The claim with the groups.")),
    Key<ConfigDraft>{.name = QLatin1StringView("sso_group_roles"),
                     .meaning = QLatin1StringView("What groups mean here."),
                     .type = QLatin1StringView("map of texts"),
                     .read = readSsoGroups},
    setting<&Config::sso, &auth::OidcSettings::createsUsers>(
        QLatin1StringView("sso_create_users"),
        QLatin1StringView("Whether a login by somebody unknown makes a user.")),
    setting<&Config::sso, &auth::OidcSettings::caFile>(
        QLatin1StringView("sso_ca_file"),
        QLatin1StringView("PEM bundle that it is trusted by; absent: the system's.")),
};

} // namespace delta::config
