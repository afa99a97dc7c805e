#pragma once

#include <QString>

#include <compare>
#include <vector>

namespace delta::config {

/// A place in a text file. Both count from one; zero means the file as a whole.
struct Place {
    int line = 0;
    int column = 0;

    auto operator<=>(const Place &) const = default;
};

/// One thing that is wrong with, or worth saying about, a configuration file.
/// Never holds the value of a secret or of an environment variable.
struct Problem {
    /// What must change before it is gone.
    enum class Cause {
        File,      ///< The file, or what the gateway is started with.
        Elsewhere, ///< A secret manager, which may answer in a moment.
    };

    QString file; ///< Empty: it is not about a place in a file.
    Place place;
    QString key;     ///< Path such as "model_list[3].model_name"; empty if none is concerned.
    QString message; ///< Says what is wrong and how to put it right; no final stop.
    Cause cause = Cause::File;

    /// Returns "file:line:column: key: message", without the parts that are absent.
    [[nodiscard]] QString toString() const;
};

using Problems = std::vector<Problem>;

/// Says whether there are problems and all of them may be gone in a moment.
[[nodiscard]] bool mayPass(const Problems &problems);

/// Sorts problems by their place, so that a reader can go through the file from top to bottom.
void sortByPlace(Problems &problems);

} // namespace delta::config
