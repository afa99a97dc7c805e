#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/identity/identity_parts.h"
#include "gateway/identity/session_service.h"
#include "gateway/ports/people.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>

#include <initializer_list>
#include <vector>

namespace delta::admin {

/// Checks that an object has no members but these, and that each is a text. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<void> checkTexts(const QJsonObject &body,
                                      std::initializer_list<QLatin1StringView> names);
/// Returns a text that has to be there. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<QString> neededText(const QJsonObject &body, QLatin1StringView name);
/// Returns a text as a secret; empty if it is not there.
[[nodiscard]] Secret secretText(const QJsonObject &body, QLatin1StringView name);

/// Returns what somebody may know of a user that they are.
[[nodiscard]] QJsonObject personJson(const ports::Person &person);
/// Returns the sessions of one user; `currentId` is the one that asks.
[[nodiscard]] QJsonArray sessionsJson(const std::vector<store::SessionRow> &sessions,
                                      const QString &currentId);
/// Returns secrets that are shown once.
[[nodiscard]] QJsonArray secretsJson(const std::vector<Secret> &secrets);

/// Adds the cookie of a session to an answer; `csrf_token` is for its body.
[[nodiscard]] Answer withSession(Answer answer, const identity::OpenSession &session,
                                 const identity::IdentitySettings &settings);
/// Takes the cookie away.
[[nodiscard]] Answer withoutSession(Answer answer);

} // namespace delta::admin
