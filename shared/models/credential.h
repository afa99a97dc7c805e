#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/entity_stamp.h"

#include <QString>

#include <optional>
#include <tuple>

namespace delta {

/// What a provider knows the organisation by, under a name, for any number of deployments. The secret itself is no
/// part of it: it is kept sealed, bound to `origin`, and never shown again.
struct Credential {
    QString id;
    QString name;     ///< No two have the same.
    QString provider; ///< Row of the provider table.
    QString
        origin; ///< To which server alone it is sent: "https://api.openai.com". Filled in where it is empty.
    QString authHeaderName;   ///< Header that carries it; empty: as the provider wants it.
    QString authHeaderFormat; ///< Its value, with {api_key} in it; empty likewise.
    QString description;
    QString keyHint; ///< The last four characters; empty: none is kept, or it is too short to tell.
    std::optional<WallTime> keySetAt; ///< When the secret was given last; absent: there is none.
    EntityStamp stamp;

    bool operator==(const Credential &) const = default;

    /// Checks what a client may set, but for what the provider table knows. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("credential_id"_L1, &Credential::id),
            field("name"_L1, &Credential::name),
            field("provider"_L1, &Credential::provider),
            field<Text>("origin"_L1, &Credential::origin),
            field<Text>("auth_header_name"_L1, &Credential::authHeaderName),
            field<Text>("auth_header_format"_L1, &Credential::authHeaderFormat),
            field<Text>("description"_L1, &Credential::description),
            field<Text>("key_hint"_L1, &Credential::keyHint, Access::ReadOnly),
            field("key_set_at"_L1, &Credential::keySetAt, Access::ReadOnly),
            inlined(&Credential::stamp),
        };
    }
};

} // namespace delta
