#pragma once

#include "gateway/config/config_loader.h"

#include <expected>
#include <functional>
#include <memory>

namespace delta::config {

/// A configuration that is in force.
struct ActiveConfig {
    std::shared_ptr<const Config> config;
    Problems warnings;
};

/// Holds the last good configuration of a file. A new one is built and checked whole before it
/// takes the place of the old one; a file that is wrong, half-written or gone leaves the old one in
/// force.
/// Confined to one thread; the configurations that it hands out are immutable and may go anywhere.
class ReloadableConfig
{
public:
    /// Completes a good configuration before it comes into force, for example with built-in models.
    using Complete = std::function<void(Config &)>;

    /// Loads nothing yet. An empty path: there is no file, and all but the overlay is defaults. The price book in `surroundings` must outlive the object.
    ReloadableConfig(QString path, Surroundings surroundings, Complete complete);

    /// Loads the file, the first time and every time after.
    /// Errors: the problems of the file. A reload that would take away every model is one of them:
    /// an emptied file is far more often an accident, and a restart does it.
    [[nodiscard]] std::expected<ActiveConfig, Problems> reload();

    /// Puts values over those of the file, from the next reload on; see Surroundings.
    void setOverlay(QJsonObject values)
    {
        m_surroundings.overlay = std::move(values);
    }
    /// Returns what the file is read with.
    [[nodiscard]] const Surroundings &surroundings() const
    {
        return m_surroundings;
    }
    /// Returns the path of the file; empty: there is none.
    [[nodiscard]] const QString &path() const
    {
        return m_path;
    }
    /// Returns the last good configuration; null before the first.
    [[nodiscard]] const std::shared_ptr<const Config> &current() const
    {
        return m_current;
    }

private:
    QString m_path;
    Surroundings m_surroundings;
    Complete m_complete;
    std::shared_ptr<const Config> m_current;
    bool m_hasModels = false; ///< The file of m_current named some; completing may add others.
};

} // namespace delta::config
