namespace SpeechGan.Cli.Verbs;

/// <summary>How a thing that `doctor` looks at stands.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works, and could be better.</summary>
    Slow,

    /// <summary>Not here, and not needed.</summary>
    Absent,

    /// <summary>Not here, and nothing runs without it.</summary>
    Missing,
}

/// <summary>A line of `doctor`.</summary>
/// <param name="What">What is looked at.</param>
/// <param name="State">How it stands.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; empty: nothing.</param>
internal sealed record DoctorCheck(string What, CheckState State, string Found, string Advice = "");
