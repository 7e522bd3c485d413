namespace SpeechGan.Training;

/// <summary>What a failed oracle check points at.</summary>
internal static class OracleAdvice
{
    public static string For(string name) => name switch
    {
        "estimate-is-clean/time" =>
            "The time term compares signals of different scale: even a perfect estimate is punished. Set loss.timeReference=normalized.",
        "estimate-is-noisy/pesq" => "The front end changes what PESQ hears of an untouched signal.",
        "gain-leaves-pesq" => "PESQ moved with the level alone, which level alignment should undo.",
        _ => "A perfect estimate does not score as one: look for a leak of labels or a fault in the front end.",
    };
}
