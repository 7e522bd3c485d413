using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit;

/// <summary>Skips by name, with the reason, where libtorch cannot be loaded: the tensor-free rooms are tested there all the same.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresTensorEngineAttribute : NUnitAttribute, IApplyToTest
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            Libtorch.Require();
            return null;
        }
        catch (EngineException e)
        {
            return "the tensor engine cannot be had on this machine: " + e.Message;
        }
    });

    public void ApplyToTest(Test test)
    {
        if (Missing.Value is not { } reason)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, reason);
    }
}
