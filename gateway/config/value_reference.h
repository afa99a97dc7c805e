#pragma once

#include "gateway/config/problem.h"
#include "gateway/ports/secret_source.h"

#include <QProcessEnvironment>
#include <QString>

#include <expected>

namespace delta::config {

/// Says whether a text stands for a value that is kept elsewhere: "os.environ/NAME", and the references that begin
/// with file/, systemd/, vault/, aws.secretsmanager/, gcp.secretmanager/ or azure.keyvault/.
[[nodiscard]] bool isReference(const QString &text);

/// Says whether others than the environment must be asked for the value of a reference.
[[nodiscard]] bool isSecretReference(const QString &text);

/// Why a reference has no value.
struct Unresolved {
    QString message; ///< Names the reference, and never holds a value.
    Problem::Cause cause = Problem::Cause::File;
};

/// Returns the value that a reference stands for. A reference is a whole value, never a part of one. `secrets` is
/// null where only the environment is asked.
/// Errors: a variable that is not set, or empty, is one: taking the reference itself for the value would make a key
/// that all can guess. Likewise a secret that is not there.
[[nodiscard]] std::expected<QString, Unresolved> resolveReference(
    const QString &text, const QProcessEnvironment &environment, ports::SecretSource *secrets);

} // namespace delta::config
