using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace SpeechGan.Tests.Unit;

/// <summary>Skips by name, with the reason, where libtorch is not on the machine: the tensor-free rooms are tested there all the same.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RequiresTensorEngineAttribute : NUnitAttribute, IApplyToTest
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            TorchSharp.torch.get_num_threads();
            return null;
        }
        catch (DllNotFoundException e)
        {
            return "the tensor engine is not on this machine: " + e.Message;
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
