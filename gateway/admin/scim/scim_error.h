#pragma once

#include "gateway/admin/contract/answer.h"
#include "shared/core/api_error.h"

#include <QByteArrayView>
#include <QLatin1StringView>
#include <QString>

namespace delta::admin::scim {

/// The types of errors of SCIM that are told here. Source: RFC 7644 §3.12, table 9.
inline constexpr QLatin1StringView invalidFilter("invalidFilter");
inline constexpr QLatin1StringView tooMany("tooMany");
inline constexpr QLatin1StringView uniqueness("uniqueness");
inline constexpr QLatin1StringView mutability("mutability");
inline constexpr QLatin1StringView invalidSyntax("invalidSyntax");
inline constexpr QLatin1StringView invalidPath("invalidPath");
inline constexpr QLatin1StringView noTarget("noTarget");
inline constexpr QLatin1StringView invalidValue("invalidValue");

/// Makes an error of the client's: 400, or 409 where something else has the value already (`uniqueness`).
[[nodiscard]] ApiError scimError(QLatin1StringView type, const QString &message,
                                 const QString &param = {});

/// Makes the answer for any error, in the shape of SCIM: `schemas`, `status`, `scimType`, `detail`.
[[nodiscard]] Answer scimErrorAnswer(const ApiError &error);

} // namespace delta::admin::scim
