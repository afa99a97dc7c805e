#pragma once

#include <QString>

#include <vector>

namespace delta::architecture {

/// One text file of the project. C++ files come in two more forms with the same lines.
struct SourceFile {
    QString path; ///< Relative to the project, with '/'.
    QString text;
    QString code; ///< C++ only: comments blanked out.
    QString bare; ///< C++ only: comments, literals and preprocessor lines blanked out.

    SourceFile(const QString &path, const QString &text);

    /// Returns the folder's path.
    [[nodiscard]] QString folder() const;
    [[nodiscard]] bool isCpp() const;
    [[nodiscard]] bool isHeader() const;
    /// Says whether the file lies somewhere below the folder.
    [[nodiscard]] bool isIn(const QString &folder) const;
};

/// What a rule has to say about a place.
struct Finding {
    QString path;
    int line = 0; ///< Zero: the file as a whole.
    QString what;

    [[nodiscard]] QString text() const;
};
using Findings = std::vector<Finding>;

/// All text files of a project.
class SourceTree
{
public:
    explicit SourceTree(std::vector<SourceFile> files);
    /// Reads the project from disk, without what is built, installed or hidden.
    [[nodiscard]] static SourceTree fromDisk(const QString &root);

    [[nodiscard]] const std::vector<SourceFile> &files() const
    {
        return m_files;
    }
    /// Returns the file with that path; null if there is none.
    [[nodiscard]] const SourceFile *find(const QString &path) const;
    /// Returns the C++ files of the programs and their library: no tests.
    [[nodiscard]] std::vector<const SourceFile *> production() const;
    /// Returns all C++ files.
    [[nodiscard]] std::vector<const SourceFile *> cpp() const;

private:
    std::vector<SourceFile> m_files;
};

/// Returns the number of the line, from one, that holds the character at `offset`.
[[nodiscard]] int lineAt(const QString &text, qsizetype offset);

} // namespace delta::architecture
