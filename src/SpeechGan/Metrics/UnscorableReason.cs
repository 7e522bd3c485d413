namespace SpeechGan.Metrics;

/// <summary>Why a metric has no value for a pair of signals.</summary>
public enum UnscorableReason
{
    /// <summary>The metric is not defined at this sample rate.</summary>
    InvalidSampleRate,

    /// <summary>A sample is NaN or infinite.</summary>
    NonFiniteInput,

    /// <summary>A signal is too short to be measured.</summary>
    BufferTooShort,

    /// <summary>The clean signal is silent: nothing but zeros, or no power where it is measured.</summary>
    SilentReference,

    /// <summary>All samples of the clean signal are the same, other than zero: no sound at all.</summary>
    ConstantReference,

    /// <summary>The enhanced signal is silent: nothing but zeros, or no power where it is measured.</summary>
    SilentDegraded,

    /// <summary>All samples of the enhanced signal are the same, other than zero: no sound at all.</summary>
    ConstantDegraded,

    /// <summary>The clean signal has no stretch of speech that is long enough.</summary>
    NoUtterancesDetected,

    /// <summary>The clean signal has more than 50 utterances.</summary>
    TooManyUtterances,

    /// <summary>Clean and enhanced signal differ in length where they must not.</summary>
    LengthMismatch,

    /// <summary>The metric's formula has no value for these signals.</summary>
    Undefined,

    /// <summary>The metric was not asked for.</summary>
    NotRequested,

    /// <summary>A signal's file could not be read.</summary>
    UnreadableFile,

    /// <summary>The code that should have scored the pair failed: a defect of the program, not of the signals.</summary>
    ScoringFailed,
}

/// <summary>Names of <see cref="UnscorableReason"/> for records and other programs.</summary>
public static class UnscorableReasons
{
    /// <summary>
    /// The code that PESQ's users know, in capitals. A silent or constant clean signal has no utterance, so it shares the code
    /// NO_UTTERANCES_DETECTED; a constant enhanced signal shares SILENT_DEGRADED.
    /// </summary>
    public static string ToCode(this UnscorableReason reason) =>
        reason switch
        {
            UnscorableReason.InvalidSampleRate => "INVALID_SAMPLE_RATE",
            UnscorableReason.NonFiniteInput => "NON_FINITE_INPUT",
            UnscorableReason.BufferTooShort => "BUFFER_TOO_SHORT",
            UnscorableReason.SilentReference => "NO_UTTERANCES_DETECTED",
            UnscorableReason.ConstantReference => "NO_UTTERANCES_DETECTED",
            UnscorableReason.NoUtterancesDetected => "NO_UTTERANCES_DETECTED",
            UnscorableReason.SilentDegraded => "SILENT_DEGRADED",
            UnscorableReason.ConstantDegraded => "SILENT_DEGRADED",
            UnscorableReason.TooManyUtterances => "TOO_MANY_UTTERANCES",
            UnscorableReason.LengthMismatch => "LENGTH_MISMATCH",
            UnscorableReason.Undefined => "UNDEFINED",
            UnscorableReason.NotRequested => "NOT_REQUESTED",
            UnscorableReason.UnreadableFile => "UNREADABLE_FILE",
            UnscorableReason.ScoringFailed => "SCORING_FAILED",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
        };

    /// <summary>The reason of a name in kebab-case or of a code in capitals; null where there is none such. A code that several reasons
    /// share gives the plain one: no utterance, a silent estimate.</summary>
    public static UnscorableReason? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var all = Enum.GetValues<UnscorableReason>();
        UnscorableReason[] named = [.. all.Where(r => r.ToName() == name)];
        if (named is [var one])
            return one;
        UnscorableReason[] coded = [.. all.Where(r => r.ToCode() == name)];
        if (coded.Contains(UnscorableReason.NoUtterancesDetected))
            return UnscorableReason.NoUtterancesDetected;
        if (coded is [var first, ..])
            return first;
        return null;
    }

    /// <summary>The reason in kebab-case, one name for each, as records store it: `silent-reference`.</summary>
    public static string ToName(this UnscorableReason reason) =>
        reason switch
        {
            UnscorableReason.InvalidSampleRate => "invalid-sample-rate",
            UnscorableReason.NonFiniteInput => "non-finite-input",
            UnscorableReason.BufferTooShort => "buffer-too-short",
            UnscorableReason.SilentReference => "silent-reference",
            UnscorableReason.ConstantReference => "constant-reference",
            UnscorableReason.NoUtterancesDetected => "no-utterances-detected",
            UnscorableReason.SilentDegraded => "silent-degraded",
            UnscorableReason.ConstantDegraded => "constant-degraded",
            UnscorableReason.TooManyUtterances => "too-many-utterances",
            UnscorableReason.LengthMismatch => "length-mismatch",
            UnscorableReason.Undefined => "undefined",
            UnscorableReason.NotRequested => "not-requested",
            UnscorableReason.UnreadableFile => "unreadable-file",
            UnscorableReason.ScoringFailed => "scoring-failed",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
        };
}
