#pragma once

#include "tests/architecture/source_tree.h"

#include <span>

namespace delta::architecture {

/// One rule of the house.
struct Rule {
    const char *name; ///< A sentence: what holds.
    Findings (*check)(const SourceTree &tree);
};

/// Returns all rules.
[[nodiscard]] std::span<const Rule> rules();

// Includes and libraries.
[[nodiscard]] Findings includesOutsideTheTable(const SourceTree &tree);
[[nodiscard]] Findings adaptersThatKnowEachOther(const SourceTree &tree);
[[nodiscard]] Findings librariesOutsideTheirFolder(const SourceTree &tree);
/// That a file begins with its own header is what shows that the header compiles alone.
[[nodiscard]] Findings sourcesThatBeginWithAnotherHeader(const SourceTree &tree);

// Words.
[[nodiscard]] Findings singletons(const SourceTree &tree);
[[nodiscard]] Findings debugOutput(const SourceTree &tree);
[[nodiscard]] Findings floatsNearMoney(const SourceTree &tree);
[[nodiscard]] Findings providerNames(const SourceTree &tree);
[[nodiscard]] Findings unfinishedWork(const SourceTree &tree);
[[nodiscard]] Findings pathsOutsideTheProject(const SourceTree &tree);

// Sizes.
[[nodiscard]] Findings tooLongFiles(const SourceTree &tree);
[[nodiscard]] Findings tooManyLongFiles(const SourceTree &tree);
[[nodiscard]] Findings tooLongFunctions(const SourceTree &tree);
/// Is advice, not a rule: functions with more than four parameters.
[[nodiscard]] Findings functionsWithManyParameters(const SourceTree &tree);

// Documents.
[[nodiscard]] Findings foldersWithoutReadme(const SourceTree &tree);
[[nodiscard]] Findings headersWithoutGuard(const SourceTree &tree);
[[nodiscard]] Findings typesWithoutDocstring(const SourceTree &tree);
[[nodiscard]] Findings unrulySql(const SourceTree &tree);

} // namespace delta::architecture
