namespace SpeechGan.Workflows;

/// <summary>What the process tells its caller.</summary>
public static class ExitCode
{
    /// <summary>All is well.</summary>
    public const int Good = 0;

    /// <summary>A check failed: the run ended by a loss that is not finite, a regression, a confirmed cause.</summary>
    public const int CheckFailed = 1;

    /// <summary>Bad usage or input.</summary>
    public const int BadUsage = 2;

    /// <summary>The environment lacks something.</summary>
    public const int Environment = 3;

    /// <summary>Nothing can be judged, or the evidence does not suffice: what `git bisect run` calls a skip.</summary>
    public const int CannotJudge = 125;

    /// <summary>Stopped by Ctrl-C or a termination signal; a checkpoint was made.</summary>
    public const int Interrupted = 130;
}
