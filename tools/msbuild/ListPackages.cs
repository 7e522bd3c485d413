using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes a line for each package that a project resolved to: name, version and licence, as the package itself says it, with tabs
/// between.</summary>
public sealed class ListPackages : Task
{
    /// <summary>project.assets.json of the restore.</summary>
    [Required]
    public string Assets { get; set; }

    /// <summary>The package folder.</summary>
    [Required]
    public string Root { get; set; }

    /// <summary>The file to write; it is left alone where it says the same already.</summary>
    [Required]
    public string Target { get; set; }

    public override bool Execute()
    {
        // The tasks of MSBuild have no JSON reader. "path" is a library's own property there, and "type" tells packages from projects.
        var lines = Regex
            .Matches(File.ReadAllText(Assets), "\"type\": \"package\",\\s*\"path\": \"([^\"]+)\"")
            .Cast<Match>()
            .Select(m =>
                Directory.GetFiles(Path.Combine(Root, m.Groups[1].Value.Replace('/', Path.DirectorySeparatorChar)), "*.nuspec").Single()
            )
            .Select(Line)
            .OrderBy(l => l, StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (lines.Count == 0)
        {
            Log.LogError(
                null,
                "SPEECHGAN009",
                null,
                null,
                0,
                0,
                0,
                0,
                "'{0}' names no package: the list that doctor shows would be empty. Restore again.",
                Assets
            );
            return false;
        }
        var text = string.Concat(lines.Select(l => l + "\n"));
        if (!File.Exists(Target) || File.ReadAllText(Target) != text)
            File.WriteAllText(Target, text);
        return true;
    }

    private static string Line(string nuspec)
    {
        var data = XDocument.Load(nuspec).Root.Elements().First(e => e.Name.LocalName == "metadata").Elements().ToList();
        string Value(string name) => data.FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim();
        var licence = data.FirstOrDefault(e => e.Name.LocalName == "license");
        var said =
            licence == null ? Value("licenseUrl") ?? "not said by the package"
            : (string)licence.Attribute("type") == "file" ? "the file " + licence.Value.Trim() + " in the package"
            : licence.Value.Trim();
        return Value("id") + "\t" + Value("version") + "\t" + said;
    }
}
