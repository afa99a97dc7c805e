#pragma once

#include "gateway/config/config.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/routing/endpoint_maker.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace delta::app {

/// Joins the models of the configuration file with those of the database into the snapshot that calls take. Safe from
/// any thread.
class ModelsInForce
{
public:
    explicit ModelsInForce(std::shared_ptr<const config::Config> config);

    [[nodiscard]] const pipeline::SnapshotSource &snapshots() const
    {
        return m_snapshots;
    }
    /// Puts a configuration in the place of the one before. Returns the version of the snapshot.
    std::uint64_t useFile(std::shared_ptr<const config::Config> config);
    /// Puts these in the place of all that came from the database before. One with the id of another in the file is
    /// left out, and the log says so.
    void useStored(std::vector<routing::StoredEndpoint> endpoints);

private:
    [[nodiscard]] pipeline::SnapshotPtr snapshot(std::uint64_t version) const;
    std::uint64_t replace();

    std::mutex m_mutex; ///< Guards all but the source.
    std::shared_ptr<const config::Config> m_config;
    std::vector<routing::StoredEndpoint> m_stored;
    std::uint64_t m_version = 1;
    pipeline::SnapshotSource m_snapshots;
};

} // namespace delta::app
