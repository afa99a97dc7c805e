#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QString>
#include <QtTypes>

#include <array>
#include <vector>

namespace delta::store {

class Database;

/// What is sealed in the database. The values are the numbers of sealing/count_values.
enum class SealedKind {
    CredentialKey, ///< The key of a provider.
    Seed,          ///< Of a second factor in force.
    PendingSeed,   ///< Of one that waits for its first code.
    Answer,        ///< Kept for a request that may come again; gone after a day.
    CallContent,   ///< What a call asked and was answered.
};

inline constexpr std::array sealedKinds{SealedKind::CredentialKey, SealedKind::Seed,
                                        SealedKind::PendingSeed, SealedKind::Answer,
                                        SealedKind::CallContent};

/// A value as it lies in its row.
struct SealedValue {
    QString id; ///< Of the credential, the user or the call; the scope of an answer.
    QByteArray rest = QByteArray(""); ///< The credential's origin; the answer's hash; else empty.
    QByteArray sealed;
};

/// How much is sealed with a key.
struct SealedCount {
    SealedKind kind{};
    QString kekId; ///< Empty: a format that names no key.
    qint64 values = 0;
};

/// All that is sealed in the database, wherever it lies, for those who replace its keys. See Database for threads and
/// errors.
class SealedValues
{
public:
    /// `database` must outlive it.
    explicit SealedValues(Database &database)
        : m_database(database)
    {
    }
    SealedValues(const SealedValues &) = delete;
    SealedValues &operator=(const SealedValues &) = delete;

    /// Counts everything, by kind and key.
    [[nodiscard]] Result<std::vector<SealedCount>> counts();
    /// Returns at most `most` values of a kind that are not sealed with the key, of those that come after `last`: a
    /// value of no id is before all.
    [[nodiscard]] Result<std::vector<SealedValue>> notSealedWith(const QString &kekId,
                                                                 SealedKind kind,
                                                                 const SealedValue &last, int most);
    /// Puts what was sealed anew in the place of `value`. Returns false if something else has come there meanwhile,
    /// which stays.
    [[nodiscard]] Result<bool> replace(SealedKind kind, const SealedValue &value,
                                       const QByteArray &sealed);

private:
    Database &m_database;
};

} // namespace delta::store
