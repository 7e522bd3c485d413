using System.Text;

namespace SpeechGan.Reports;

/// <summary>The files that are embedded into the program and put into every page; <c>Assets/README.md</c> tells where they are
/// from.</summary>
internal static class Assets
{
    /// <summary>Text of a file of the folder <c>Assets</c>.</summary>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Bytes of a file of the folder <c>Assets</c>.</summary>
    public static Stream Open(string name) =>
        typeof(Assets).Assembly.GetManifestResourceStream("SpeechGan.Reports.Assets." + name)
        ?? throw new InvalidOperationException($"{name} is not embedded in the program.");
}
