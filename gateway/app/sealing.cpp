#include "gateway/app/sealing.h"

#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

Result<void> requireAll(const secrets::KeyRing &ring, const QStringList &known)
{
    const QStringList ids = ring.ids();
    for (const QString &id : known) {
        if (!ids.contains(id)) {
            return failure(ApiError::storeUnavailable(
                u"Secrets of the database are sealed with the key %1, which this gateway does not "
                "have; it has %2. Give it the keys of the gateway that was first: the file \"kek\" "
                "of its state folder, its general_settings.kek_file, or its credential."_s.arg(
                    id, ids.join(u", "_s))));
        }
    }
    return {};
}

Result<secrets::KeyRing> openKeyRing(const secrets::KeySources &sources, store::Store &store,
                                     Random &random)
{
    TRY(const QStringList known, store.sealingKeys());
    auto ring = secrets::KeyRing::open(
        sources, known.isEmpty() ? secrets::IfNoKey::Create : secrets::IfNoKey::Fail, random);
    if (!ring) {
        return failure(ApiError::storeUnavailable(ring.error()));
    }
    TRY_VOID(requireAll(*ring, known));
    const QString newest = QString::fromLatin1(ring->newest().id);
    if (known.contains(newest)) {
        return *std::move(ring);
    }
    TRY_VOID(store.addSealingKey(newest));
    TRY(const QStringList all, store.sealingKeys());
    TRY_VOID(requireAll(*ring, all));
    if (!all.contains(newest)) {
        return failure(ApiError::storeUnavailable(
            u"Another gateway has just begun to seal the secrets of the database."_s));
    }
    return *std::move(ring);
}

} // namespace delta::app
