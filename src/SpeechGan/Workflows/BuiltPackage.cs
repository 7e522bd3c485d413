namespace SpeechGan.Workflows;

/// <summary>A package that this program was built with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">What the package itself says: an SPDX expression, a file in it, or an address.</param>
internal sealed record BuiltPackage(string Name, string Version, string Licence)
{
    private const string Resource = "SpeechGan.packages.txt";

    /// <summary>All of them, as the build resolved them (tools/msbuild/ListPackages.targets); the same in a published program.</summary>
    public static IReadOnlyList<BuiltPackage> All()
    {
        using var stream = typeof(BuiltPackage).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build has left {Resource} out.");
        using var reader = new StreamReader(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('\t'))
                .Select(p => new BuiltPackage(p[0], p[1], p[2])),
        ];
    }
}
