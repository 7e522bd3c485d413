namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>A run as it was drawn.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Corpus">Seed of its corpus, or <see cref="Real"/>.</param>
/// <param name="Knobs">What differs from preset tiny on one thread.</param>
internal sealed record DrawnRun(int Number, string Corpus, IReadOnlyList<string> Knobs)
{
    /// <summary>The corpus of real speech.</summary>
    public const string Real = "voicebank";

    /// <summary>Stands among the knobs of a run that begins with the weights of golden/networks.</summary>
    public const string Trained = "trained";

    /// <summary>The run in a line.</summary>
    public string InWords() => $"{Number}: corpus {Corpus}; {string.Join(" ", Knobs)}";
}
